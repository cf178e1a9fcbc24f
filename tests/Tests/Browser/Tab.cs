using Microsoft.Playwright;
using Xunit;

namespace Tollkeeper.Tests.Browser;

/// <summary>A tab, and what its browser complains about: errors of scripts, blocked content, dialogues.</summary>
public sealed class Tab
{
    readonly List<string> complaints = [];

    Tab(IPage page)
    {
        Page = page;
        page.Console += (_, line) => Note(line.Type == "error" ? $"{line.Text} ({line.Location})" : null);
        page.PageError += (_, error) => Note(error);
        page.Dialog += (_, dialog) =>
        {
            Note("a dialogue: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public static async Task<Tab> Open(IBrowserContext reader) => new(await reader.NewPageAsync());

    /// <summary>What was complained about since the last time, without answers whose status a test expects.</summary>
    public IReadOnlyList<string> Complaints(params int[] expected)
    {
        lock (complaints)
        {
            var found = complaints.Where(
                each => !expected.Any(status => each.Contains($"status of {status}", StringComparison.Ordinal)));
            IReadOnlyList<string> all = [.. found];
            complaints.Clear();
            return all;
        }
    }

    /// <summary>Wide pages are read sideways, which nobody likes and WCAG forbids.</summary>
    public async Task<string?> TooWide()
    {
        var excess = await Page.EvaluateAsync<int>(
            "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth");
        if (excess <= 0) return null;
        var widest = await Page.EvaluateAsync<string>(
            """
            () => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth)
              .slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(' … ')
            """);
        return $"{excess} px too wide: {widest}";
    }

    /// <summary>What a reader sees in a place, its blanks plain.</summary>
    public async Task<string> Text(string place) =>
        (await Page.Locator(place).First.InnerTextAsync()).Replace('\u00a0', ' ').Replace('\u202f', ' ');

    public async Task IsAt(string path) => await Page.WaitForURLAsync("**" + path);

    public void HasNoComplaints() => Assert.Empty(Complaints());

    void Note(string? complaint)
    {
        if (complaint is null) return;
        lock (complaints) complaints.Add(complaint);
    }
}
