using Tollkeeper.Accounts;
using Tollkeeper.Payments;

namespace Tollkeeper.Host.Notifications;

/// <summary>What is written about money that comes, does not come, or goes back.</summary>
static class PaymentLetters
{
    const string AutomaticPath = "/finances/automatic-billing";

    /// <param name="payPath">The link that pays the deposit; null: it is not for whoever reads this copy.</param>
    public static Letter About(LetterContext to, PaymentNotice notice, string? payPath)
    {
        var (subject, text) = KeysOf(notice.Kind);
        return new Letter(
            to.T.Format(subject, to.Brand.Name, Money(to, notice.BaseMicros, notice.Currency)),
            [to.T.Format(text, to.Account)])
        {
            Facts = [.. Facts(to, notice), (to.T["mail.account"], $"{to.Account} ({to.Mail.AccountId})")],
            Link = LinkOf(to, notice, payPath),
            After = IsPaidByLink(notice) ? [to.T["mail.pay-link-good"]] : [],
            Choice = to.Choice,
        };
    }

    /// <summary>Whether the mail carries the link that pays its deposit (R77, R81; PAY-03).</summary>
    public static bool IsPaidByLink(PaymentNotice notice) =>
        notice.Kind == NoticeKind.DepositInvoice
        || (notice.Kind == NoticeKind.AutomaticDeclined && notice.Deposit.Length > 0 && notice.NextAtMicros is null);

    static IEnumerable<(string, string)> Facts(LetterContext to, PaymentNotice notice)
    {
        if (notice.Deposit.Length > 0)
        {
            yield return (to.T["mail.document"], notice.Deposit);
            yield return (to.T["mail.base"], Money(to, notice.BaseMicros, notice.Currency));
            yield return (to.T["mail.total"], Money(to, notice.TotalMicros, notice.Currency));
        }
        if (notice.Card.Length > 0) yield return (to.T["mail.card"], notice.Card);
        if (notice.Why.Length > 0) yield return (to.T["mail.why-refused"], notice.Why);
        if (notice.NextAtMicros is { } next) yield return (to.T["mail.next-attempt"], to.When(next));
        yield return (to.T["mail.when"], to.When(notice.AtMicros));
    }

    static LetterLink LinkOf(LetterContext to, PaymentNotice notice, string? payPath)
    {
        if (IsPaidByLink(notice))
            return new LetterLink(to.T["mail.pay-now"], payPath is null ? null : to.AddressOf(payPath));
        return notice.Kind is NoticeKind.AutomaticWaits or NoticeKind.AutomaticDeclined or NoticeKind.AutomaticOff
            or NoticeKind.CardExpires
            ? to.LinkTo("mail.see-automatic", AutomaticPath)
            : to.LinkTo("mail.see-balance", $"/finances/deposits/{notice.Deposit}");
    }

    static string Money(LetterContext to, long micros, string currency) =>
        to.Locale.Money(new Money(micros, Currency.Of(currency)), Locale.DocumentDecimals);

    static (string Subject, string Text) KeysOf(NoticeKind kind)
    {
        if (kind == NoticeKind.DepositInvoice) return ("mail.deposit-invoice-subject", "mail.deposit-invoice");
        if (kind == NoticeKind.DepositCredited) return ("mail.deposit-credited-subject", "mail.deposit-credited");
        if (kind == NoticeKind.AutomaticWaits) return ("mail.automatic-waits-subject", "mail.automatic-waits");
        if (kind == NoticeKind.AutomaticDeclined)
            return ("mail.automatic-declined-subject", "mail.automatic-declined");
        if (kind == NoticeKind.AutomaticOff) return ("mail.automatic-off-subject", "mail.automatic-off");
        if (kind == NoticeKind.CardExpires) return ("mail.card-expires-subject", "mail.card-expires");
        if (kind == NoticeKind.Refunded) return ("mail.refunded-subject", "mail.refunded");
        if (kind == NoticeKind.DisputeOpened) return ("mail.dispute-opened-subject", "mail.dispute-opened");
        Demand.That(kind == NoticeKind.DisputeClosed, "a payment's notice is about a payment");
        return ("mail.dispute-closed-subject", "mail.dispute-closed");
    }
}
