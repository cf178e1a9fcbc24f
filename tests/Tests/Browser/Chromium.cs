using Microsoft.Playwright;
using Tollkeeper.Tests.Scenarios;

namespace Tollkeeper.Tests.Browser;

/// <summary>How a page is looked at: how wide, in which language, light or dark, with or without scripts.</summary>
public sealed record Look
{
    public const int Desktop = 1280;
    public const int Phone = 390;
    public const int Narrow = 320;

    public int Width { get; init; } = Desktop;
    public Language Language { get; init; } = Language.English;
    public bool Dark { get; init; }
    public bool Scripts { get; init; } = true;

    public override string ToString() =>
        $"{Width} px, {Language.Tag()}, {(Dark ? "dark" : "light")}{(Scripts ? "" : ", without scripts")}";
}

/// <summary>A real Chromium, started once for all tests that need one.</summary>
public static class Chromium
{
    static readonly Lazy<Task<IBrowser>> Started = new(Start);

    static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>
    /// A browser of its own, as of one more reader, at a provider's host. <c>NAME.localhost</c> is this machine to a
    /// browser, and secure enough for passkeys.
    /// </summary>
    public static Task<IBrowserContext> Reader(Served served, string host, Look? look = null) =>
        Reader($"http://{host}:{served.Http.BaseAddress!.Port}", look);

    /// <summary>The same, at any origin.</summary>
    public static async Task<IBrowserContext> Reader(string origin, Look? look = null)
    {
        look ??= new Look();
        var browser = await Started.Value;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = origin,
            ViewportSize = new ViewportSize { Width = look.Width, Height = 900 },
            Locale = look.Language.Tag(),
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = look.Scripts,
        });
        context.SetDefaultTimeout(10_000);
        return context;
    }

    static async Task<IBrowser> Start()
    {
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = Quiet,
        });
    }
}
