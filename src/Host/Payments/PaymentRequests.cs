using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Host.Shell;
using Tollkeeper.Host.SignIn;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Payments;

/// <summary>What pages ask of gateways on behalf of whoever is looking at them.</summary>
sealed class PaymentRequests(Installation installation, PublicUrl url, Visit visit)
{
    /// <param name="method">As the form sent it.</param>
    /// <param name="shown">The total that was shown, in micros, as the form sent it.</param>
    /// <param name="path">The page that the customer comes back to.</param>
    public Task<Result<Uri>> Open(
        HttpContext http, Deposit deposit, string method, string shown, string path, string? email, Actor by)
    {
        if (!int.TryParse(method, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !Enum.IsDefined((PaymentMethod)number)
            || !long.TryParse(shown, NumberStyles.None, CultureInfo.InvariantCulture, out var shownMicros))
            return Task.FromResult<Result<Uri>>(Refusal.MethodNotOffered);
        return installation.PaymentPages.Run(
            deposit.ProviderNo, deposit.AccountNo, deposit.Id,
            new PageWish(
                (PaymentMethod)number, shownMicros, $"{visit.BrandName} {deposit.Id}", email, visit.Language,
                Back(path, "done"), Back(path, "cancelled")),
            by, http.RequestAborted);
    }

    public Task<Result<Uri>> StoreCard(HttpContext http, long accountNo, string path, Actor by) =>
        installation.CardPages.Run(
            visit.Provider!.No, accountNo, visit.BrandName, visit.Person!.Email, visit.Language, Back(path, "done"),
            Back(path, "cancelled"), by, http.RequestAborted);

    /// <summary>Lets the page's buttons lead to where customers pay.</summary>
    public void LeadToGateways(HttpContext http) =>
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.LeadingTo(
            installation.SandboxOrigin is { } sandbox
                ? [.. Origins, sandbox.GetLeftPart(UriPartial.Authority)]
                : Origins);

    /// <summary>Where the pages of gateways are.</summary>
    static readonly string[] Origins =
        ["https://checkout.stripe.com", "https://www.paypal.com", "https://www.sandbox.paypal.com"];

    Uri Back(string path, string how) => new(url.Of(
        visit.Provider!, path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "back=" + how));
}
