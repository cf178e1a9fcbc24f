using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Sandbox;

/// <summary>What a page shows of a Checkout Session.</summary>
/// <param name="Amount">Null where a card is left.</param>
/// <param name="BackUrl">Where the customer goes on once it is over.</param>
public sealed record SandboxPageView(
    string Id, Money? Amount, string? Title, bool PayPal, bool IsOpen, bool AsksToConfirm, string BackUrl,
    string CancelUrl, string? Locale)
{
    internal IReadOnlyList<SandboxCard> Cards => PayPal ? SandboxCard.PayPal : SandboxCard.All;
}

/// <summary>The pages of the sandbox: for the customer, the customer's bank, and whoever plays the bank.</summary>
sealed class SandboxPages(SandboxStore store)
{
    const int Listed = 100;

    public static IReadOnlyList<(string Code, string Text)> Countries { get; } =
    [
        ("US", "sandbox.country-us"), ("CA", "sandbox.country-ca"), ("FR", "sandbox.country-fr"),
        ("MX", "sandbox.country-mx"),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        WebFiles.Map(routes);
        // As delegates with a result: of one that has only the context, the result would be dropped.
        routes.MapGet("/", (Delegate)Control);
        routes.MapPost("/control/{id}", Act);
        routes.MapGet("/pay/{id}", Show);
        routes.MapPost("/pay/{id}", Use);
        routes.MapGet("/pay/{id}/confirm", AskToConfirm);
        routes.MapPost("/pay/{id}/confirm", Confirm);
    }

    /// <summary>Nothing but our own styles, no cookies, and forms of its own pages only.</summary>
    public static async Task AddHeaders(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        Allow(http, "");
        if (!http.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal))
            headers.CacheControl = "no-store";
        var from = http.Request.Headers["Sec-Fetch-Site"].ToString();
        if (HttpMethods.IsPost(http.Request.Method) && from is not ("" or "same-origin" or "none"))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        try
        {
            await next(http);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or BadHttpRequestException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    /// <exception cref="InvalidDataException">It is no form, or one that no browser sends.</exception>
    static Task<IFormCollection> FormOf(HttpContext http) => http.Request.HasFormContentType
        ? http.Request.ReadFormAsync()
        : throw new InvalidDataException("It is no form.");

    /// <summary>What the customer is sent to after a form counts as where the form goes.</summary>
    static void Allow(HttpContext http, string origins) => http.Response.Headers.ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + $"form-action 'self'{origins}; base-uri 'none'; frame-ancestors 'none'";

    public static Money AmountOf(long units, string currency) =>
        new(checked(units * Money.MicrosPerCent), Currency.Of(currency.ToUpperInvariant()));

    async Task<RazorComponentResult> Control(HttpContext http) => new RazorComponentResult<ControlPage>(new
    {
        Payments = await store.Newest(Listed),
        Language = LanguageOf(http, null),
    });

    async Task<IResult> Act(HttpContext http, string id)
    {
        var form = await FormOf(http);
        if (await store.OwnerOf(id) is not { } merchant) return Results.NotFound();
        await SandboxDue.Do(store, merchant, id, form["deed"].ToString());
        return SeeOther(http, $"/?lang={LanguageOf(http, null).Tag()}");
    }

    async Task<IResult> Show(HttpContext http, string id) =>
        await Find(id) is { } view ? Page(http, view, null) : Results.NotFound();

    async Task<IResult> Use(HttpContext http, string id)
    {
        if (await Find(id) is not { } view) return Results.NotFound();
        if (!view.IsOpen) return SeeOther(http, view.BackUrl);
        var form = await FormOf(http);
        if (form["deed"] == "leave") return SeeOther(http, view.CancelUrl);
        var card = view.Cards.FirstOrDefault(one => one.Key == form["card"]);
        if (card is null) return Page(http, view, "sandbox.choose-one");
        var (country, postal) = (form["country"].ToString(), form["postal"].ToString().Trim());
        if (Countries.All(one => one.Code != country)) return Page(http, view, "sandbox.choose-country");
        if (postal.Length > 20 || postal.Any(char.IsControl)) return Page(http, view, "sandbox.bad-postal");
        var merchant = (await store.OwnerOf(id))!;
        var outcome = await store.Do(merchant, work =>
        {
            var session = work.Get(id, "checkout.session");
            if (session.Text("status") != "open") return "over";
            var email = session.Text("customer_email") ?? work.Find(session.Text("customer"))?.Text("email");
            return SandboxCheckout.Use(work, session, card, new SandboxBilling(country, postal, email)).Text("status");
        });
        return outcome switch
        {
            "requires_action" => SeeOther(http, $"/pay/{id}/confirm?lang={LanguageOf(http, view).Tag()}"),
            "requires_payment_method" => Page(http, view, "sandbox.declined"),
            _ => SeeOther(http, view.BackUrl),
        };
    }

    async Task<IResult> AskToConfirm(HttpContext http, string id)
    {
        if (await Find(id) is not { } view) return Results.NotFound();
        if (!view.AsksToConfirm) return SeeOther(http, $"/pay/{id}");
        Allow(http, Origins(view));
        return new RazorComponentResult<ConfirmPage>(new { View = view, Language = LanguageOf(http, view) });
    }

    async Task<IResult> Confirm(HttpContext http, string id)
    {
        if (await Find(id) is not { } view) return Results.NotFound();
        if (!view.AsksToConfirm) return SeeOther(http, $"/pay/{id}");
        var proven = (await FormOf(http))["deed"] == "confirm";
        await store.Do((await store.OwnerOf(id))!, work =>
        {
            SandboxCheckout.Proven(work, work.Get(id, "checkout.session"), proven);
            return true;
        });
        return proven ? SeeOther(http, view.BackUrl) : Page(http, view, "sandbox.not-confirmed");
    }

    async Task<SandboxPageView?> Find(string id)
    {
        if (await store.OwnerOf(id) is not { } merchant) return null;
        return await store.Do(merchant, work =>
        {
            if (work.Find(id) is not { } session || session.Text("object") != "checkout.session") return null;
            var intent = work.Find(session.Text("payment_intent") ?? session.Text("setup_intent"));
            var done = session.Text("success_url")!.Replace("{CHECKOUT_SESSION_ID}", id, StringComparison.Ordinal);
            var cancel = session.Text("cancel_url") ?? done;
            return new SandboxPageView(
                id, session.Text("currency") is { } currency ? AmountOf(session.Count("amount_total"), currency) : null,
                session.Text("_title"),
                session["payment_method_types"]!.AsArray().Any(type => (string?)type == "paypal"),
                session.Text("status") == "open", intent?.Text("status") == "requires_action",
                session.Text("status") == "expired" ? cancel : done, cancel, session.Text("locale"));
        });
    }

    static RazorComponentResult<PayPage> Page(HttpContext http, SandboxPageView view, string? problem)
    {
        Allow(http, Origins(view));
        var sent = http.Request.HasFormContentType ? http.Request.Form : FormCollection.Empty;
        return new RazorComponentResult<PayPage>(new
        {
            View = view,
            Language = LanguageOf(http, view),
            Problem = problem,
            Chosen = (string?)sent["card"],
            Country = (string?)sent["country"],
            Postal = (string?)sent["postal"],
        });
    }

    static string Origins(SandboxPageView view) => string.Concat(
        new[] { view.BackUrl, view.CancelUrl }
            .Select(url => " " + new Uri(url).GetLeftPart(UriPartial.Authority)).Distinct());

    static Language LanguageOf(HttpContext http, SandboxPageView? view)
    {
        var asked = http.Request.HasFormContentType ? (string?)http.Request.Form["lang"] : null;
        if (Languages.TryParse(asked ?? http.Request.Query["lang"], out var chosen)) return chosen;
        if (Languages.TryParse(view?.Locale, out var ordered)) return ordered;
        return Languages.Accepted(http.Request.Headers.AcceptLanguage) ?? Language.English;
    }

    static IResult SeeOther(HttpContext http, string url)
    {
        http.Response.Headers.Location = url;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
