using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host.Payments;
using Tollkeeper.Host.Shell;
using Tollkeeper.Host.SignIn;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Notifications;

/// <summary>Writes a mail's words from its notice, in the recipient's language and the provider's brand.</summary>
/// <param name="keyFile">Null where nothing is written that carries a link which pays.</param>
sealed class WriteLetter(ProvidersInForce providers, PublicUrl url, KeyFile? keyFile) : IAsyncDisposable
{
    readonly HtmlRenderer renderer =
        new(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);

    /// <summary>Whether what is sent holds something that the copy which is kept does not.</summary>
    /// <param name="token">What the mail's link opens with; null: nothing that is kept.</param>
    public static bool IsSecret(ClaimedMail mail, string? token) =>
        token is not null || (mail.Data is PaymentNotice notice && PaymentLetters.IsPaidByLink(notice));

    /// <param name="token">As above.</param>
    /// <param name="kept">The copy that is kept.</param>
    public async Task<MailWords> Write(ClaimedMail mail, string? token, bool kept, Instant at)
    {
        var to = ContextOf(mail, at);
        var link = token is null || NoticeKinds.LinkOf(mail.Kind) is not { } purpose
            ? null
            : to.AddressOf($"{PathOf(purpose)}?token={token}");
        var letter = LetterOf(to, mail.Data, link, kept ? null : at + PayLink.GoodFor);
        var hidden = to.T["mail.link-hidden"];
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<LetterHtml>(ParameterView.FromDictionary(
                new Dictionary<string, object?>
                {
                    [nameof(LetterHtml.Letter)] = letter,
                    [nameof(LetterHtml.Brand)] = to.Brand,
                    [nameof(LetterHtml.Language)] = mail.Language,
                    [nameof(LetterHtml.Hidden)] = hidden,
                }))).ToHtmlString());
        return new MailWords(letter.Subject, LetterText.Write(letter, to.Brand.Name, hidden), html);
    }

    public async ValueTask DisposeAsync() => await renderer.DisposeAsync();

    LetterContext ContextOf(ClaimedMail mail, Instant at)
    {
        var provider = providers.ByNo(mail.ProviderNo).Value;
        var zone = BillingZone.Of(providers.PolicyOf(mail.ProviderNo, at).Value.Policy.Calendar).Value;
        return new LetterContext(
            mail, provider, providers.BrandOf(provider).Brand, new Locale(mail.Language, zone),
            path => url.Of(provider, path));
    }

    /// <param name="payUntil">How long a link that pays is good; null: it is not for this copy.</param>
    Letter LetterOf(LetterContext to, NoticeData data, string? link, Instant? payUntil) => data switch
    {
        SignInNotice notice => SignInLetters.About(to, notice.Kind, link),
        StrangerNotice notice => SignInLetters.About(to, notice.Kind, link),
        EmailChangeNotice notice => SignInLetters.EmailChange(to, notice, link),
        PrimaryAdminNotice notice => SignInLetters.PrimaryAdmin(to, notice),
        NewPlaceNotice notice => SignInLetters.NewPlace(to, notice),
        LowBalanceNotice notice => AccountLetters.LowBalance(to, notice),
        FundsGoneNotice notice => AccountLetters.FundsGone(to, notice),
        FundsBackNotice notice => AccountLetters.FundsBack(to, notice),
        SuspendedNotice notice => AccountLetters.Suspended(to, notice),
        ReturnedNotice notice => AccountLetters.Returned(to, notice),
        AdjustedNotice notice => AccountLetters.Adjusted(to, notice),
        CreditDecidedNotice notice => AccountLetters.CreditDecided(to, notice),
        PaymentNotice notice => PaymentLetters.About(
            to, notice, payUntil is { } until ? PayLink.PathOf(keyFile!, notice.Deposit, until) : null),
        ExemptionDecidedNotice notice => TaxLetters.ExemptionDecided(to, notice),
        RatesChangeNotice notice => AccountLetters.RatesChange(to, notice),
        _ => throw new InvalidOperationException($"Nothing is written about {data.Kind}."),
    };

    static string PathOf(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmEmail => "/confirm-email",
        LinkPurpose.ResetPassword or LinkPurpose.Invitation => "/reset-password",
        LinkPurpose.SignUp => "/sign-up/confirm",
        LinkPurpose.LeaveEmail or LinkPurpose.TakeEmail => "/change-email",
    };
}
