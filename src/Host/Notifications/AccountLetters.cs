using Tollkeeper.Accounts;
using Tollkeeper.Engine.Ledger;

namespace Tollkeeper.Host.Notifications;

/// <summary>What is written to the people of an account.</summary>
static class AccountLetters
{
    const string BalancePath = "/finances/account-balance";

    /// <summary>R91: states the existing balance and the threshold; R92: keep above it.</summary>
    public static Letter LowBalance(LetterContext to, LowBalanceNotice notice)
    {
        var (balance, limit) =
            (to.Money(notice.BalanceMicros, notice.Currency), to.Money(notice.ThresholdMicros, notice.Currency));
        return new Letter(
            to.T.Format("mail.low-balance-subject", to.Brand.Name, balance),
            [to.T.Format("mail.low-balance", to.Account)])
        {
            Facts =
            [
                .. Wallet(to, notice.Wallet), (to.T["mail.balance"], balance), (to.T["mail.threshold"], limit),
                (to.T["mail.when"], to.When(notice.AtMicros)), AccountId(to),
            ],
            Link = to.LinkTo("mail.see-balance", BalancePath),
            After = [to.T.Format("mail.low-balance-after", limit)],
            Choice = to.Choice,
        };
    }

    public static Letter FundsGone(LetterContext to, FundsGoneNotice notice)
    {
        var floor = to.Money(notice.FloorMicros, notice.Currency);
        return new Letter(
            to.T.Format("mail.funds-gone-subject", to.Brand.Name, to.T[OffKey(notice.Stopped)]),
            [
                to.T.Format(notice.FloorMicros == 0 ? "mail.funds-gone" : "mail.limit-met", to.Account),
                to.T[BlocksKey(notice.Stopped)],
            ])
        {
            Facts =
            [
                .. Wallet(to, notice.Wallet),
                (to.T["mail.balance"], to.Money(notice.BalanceMicros, notice.Currency)),
                (to.T["mail.floor"], floor), (to.T["mail.when"], to.When(notice.AtMicros)), AccountId(to),
            ],
            Link = to.LinkTo("mail.see-balance", BalancePath),
            After = [to.T.Format("mail.funds-gone-after", floor)],
            Choice = to.Choice,
        };
    }

    public static Letter FundsBack(LetterContext to, FundsBackNotice notice) => new(
        to.T.Format("mail.funds-back-subject", to.Brand.Name), [to.T.Format("mail.funds-back", to.Account)])
    {
        Facts =
        [
            .. Wallet(to, notice.Wallet), (to.T["mail.balance"], to.Money(notice.BalanceMicros, notice.Currency)),
            (to.T["mail.when"], to.When(notice.AtMicros)), AccountId(to),
        ],
        Link = to.LinkTo("mail.see-balance", BalancePath),
        Choice = to.Choice,
    };

    public static Letter Suspended(LetterContext to, SuspendedNotice notice) => new(
        to.T.Format("mail.suspended-subject", to.Brand.Name),
        [to.T.Format("mail.suspended", to.Account, to.Brand.Name), to.T[BlocksKey(notice.Stopped)]])
    {
        Facts =
        [
            (to.T["mail.reason"], ReasonOf(to, notice.Reason)), (to.T["mail.when"], to.When(notice.AtMicros)),
            AccountId(to),
        ],
        After = [to.T["mail.suspended-after"]],
        Choice = to.Choice,
    };

    public static Letter Returned(LetterContext to, ReturnedNotice notice) => new(
        to.T.Format(
            notice.StillStopped == Directions.None ? "mail.returned-subject" : "mail.partly-returned-subject",
            to.Brand.Name),
        [to.T.Format("mail.returned", to.Account), to.T[BlocksKey(notice.StillStopped)]])
    {
        Facts =
        [
            (to.T["mail.reason-lifted"], ReasonOf(to, notice.Reason)),
            (to.T["mail.when"], to.When(notice.AtMicros)), AccountId(to),
        ],
        Choice = to.Choice,
    };

    /// <summary>R54, R59, R60.</summary>
    public static Letter CreditDecided(LetterContext to, CreditDecidedNotice notice)
    {
        if (notice.LimitMicros is not { } limit)
        {
            return new Letter(
                to.T.Format("mail.credit-declined-subject", to.Brand.Name),
                [to.T.Format("mail.credit-declined", to.Account)])
            {
                Facts = [(to.T["mail.when"], to.When(notice.AtMicros)), AccountId(to)],
                Choice = to.Choice,
            };
        }
        var facts = new List<(string, string)> { (to.T["credit.limit"], to.Money(limit, notice.Currency)) };
        if (notice.TermDays is { } days)
            facts.Add((to.T["credit.term"], to.T.Plural("credit.days", days, to.Locale.Number(days))));
        if (notice.UntilMicros is { } until) facts.Add((to.T["mail.until"], to.When(until)));
        return new Letter(
            to.T.Format("mail.credit-subject", to.Brand.Name, to.Money(limit, notice.Currency)),
            [to.T.Format("mail.credit", to.Account)])
        {
            Facts = [.. facts, (to.T["mail.when"], to.When(notice.AtMicros)), AccountId(to)],
            Link = to.LinkTo("mail.see-balance", BalancePath),
            After = [to.T["mail.credit-after"]],
            Choice = to.Choice,
        };
    }

    /// <summary>Money that staff put on a balance or took off it, and why.</summary>
    public static Letter Adjusted(LetterContext to, AdjustedNotice notice)
    {
        var moved = new Money(Math.Abs(notice.AmountMicros), Currency.Of(notice.Currency));
        var decimals = moved.Micros % Money.MicrosPerCent == 0 ? Locale.DocumentDecimals : Locale.ChargeDecimals;
        var (given, amount) = (notice.AmountMicros > 0, to.Locale.Money(moved, decimals));
        return new Letter(
            to.T.Format(given ? "mail.credited-subject" : "mail.debited-subject", to.Brand.Name, amount),
            [to.T.Format(given ? "mail.credited" : "mail.debited", to.Account, amount)])
        {
            Facts =
            [
                .. Wallet(to, notice.Wallet), (to.T["mail.reason"], notice.Reason),
                (to.T["mail.balance"], to.Money(notice.BalanceMicros, notice.Currency)),
                (to.T["mail.when"], to.When(notice.AtMicros)), AccountId(to),
            ],
            Link = to.LinkTo("mail.see-balance", BalancePath),
            Choice = to.Choice,
        };
    }

    /// <summary>R65, R66, and 3.3 of the field's facts: the customer's own destinations; the whole deck is attached.
    /// </summary>
    public static Letter RatesChange(LetterContext to, RatesChangeNotice notice)
    {
        var date = to.Day(notice.EffectiveFromMicros);
        var own = notice.Moves.Count + notice.MoreMoves;
        return new Letter(
            to.T.Format("mail.rates-subject", to.Brand.Name, date),
            [
                to.T.Format("mail.rates", notice.Deck, date),
                notice.Moves.Count == 0
                    ? to.T["mail.rates-none-own"]
                    : to.T.Plural("mail.rates-own", own, to.Locale.Number(own)),
            ])
        {
            Table = notice.Moves.Count == 0 ? null : TableOf(to, notice),
            Facts = [(to.T["mail.rates-all"], to.Locale.Number(notice.TotalMoves)), AccountId(to)],
            After =
            [
                .. notice.MoreMoves > 0 ? [to.T.Format("mail.rates-more", to.Locale.Number(notice.MoreMoves))]
                    : Array.Empty<string>(),
                to.T[to.Mail.FileNo is null ? "mail.rates-after" : "mail.rates-attached"],
            ],
            Choice = to.Choice,
        };
    }

    static LetterTable TableOf(LetterContext to, RatesChangeNotice notice)
    {
        string[] heads =
        [
            to.T["mail.destination"], to.T["mail.change"], to.T.Format("mail.price-now", notice.Currency),
            to.T.Format("mail.price-then", notice.Currency), to.T["mail.from-date"],
        ];
        var rows = notice.Moves.Take(RatesChangeNotice.MostMoves).Select(move => (IReadOnlyList<string>)
        [
            move.Destination, to.T[MoveKey(move)], Price(to, move.FromE8), Price(to, move.ToE8),
            to.Day(move.EffectiveFromMicros),
        ]);
        return new LetterTable(heads, [.. rows], new HashSet<int> { 2, 3 });
    }

    static string MoveKey(RateMove move) => (move.FromE8, move.ToE8) switch
    {
        (null, _) => "mail.new-destination",
        (_, null) => "mail.gone-destination",
        var (now, then) => then > now ? "mail.dearer" : "mail.cheaper",
    };

    static string Price(LetterContext to, long? e8) => e8 is { } price ? to.Locale.PerMinute(price) : "–";

    static (string, string) AccountId(LetterContext to) =>
        (to.T["mail.account"], $"{to.Account} ({to.Mail.AccountId})");

    /// <summary>Named where there is more than one.</summary>
    static IEnumerable<(string, string)> Wallet(LetterContext to, string wallet) => WalletName.Pays(wallet) switch
    {
        Directions.Outbound => [(to.T["mail.wallet"], to.T["mail.wallet-outbound"])],
        Directions.Inbound => [(to.T["mail.wallet"], to.T["mail.wallet-inbound"])],
        Directions.Both or Directions.None => [],
    };

    static string ReasonOf(LetterContext to, string reason) =>
        reason == Tollkeeper.Charging.AccountStatus.ViolationCode ? to.T["status.violation"] : reason;

    static string BlocksKey(Directions stopped) => stopped switch
    {
        Directions.None => "status.blocks-none",
        Directions.Outbound => "mail.stopped-outbound",
        Directions.Inbound => "mail.stopped-inbound",
        Directions.Both => "mail.stopped-both",
    };

    static string OffKey(Directions stopped) => stopped switch
    {
        Directions.None => "status.off-none",
        Directions.Outbound => "status.off-outbound",
        Directions.Inbound => "status.off-inbound",
        Directions.Both => "status.off-both",
    };
}
