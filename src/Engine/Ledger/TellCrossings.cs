using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Turns crossings into notices and their mails: a low balance, off by money, back on (R48, R82, R91, R93), once each,
/// whatever breaks and however many nodes there are. Very many may come at one moment: all is written at once.
/// </summary>
public sealed class TellCrossings(Database database, ProvidersInForce providers, IClock clock)
{
    /// <summary>
    /// Older ones come with a restored or imported history: an alert of last week warns nobody in time.
    /// </summary>
    static readonly Duration Oldest = Duration.FromDays(1);

    /// <summary>Calls wait no longer than this takes; with fewer, the round trips cost more than the rows.</summary>
    const int MostAtOnce = 200;

    /// <returns>How many crossings were looked at; more may wait.</returns>
    public Task<int> Run(CancellationToken ct = default) =>
        database.InTransaction(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var taken = await CrossingStore.Take(connection, transaction, MostAtOnce);
                var news = taken.Where(each => each.Crossing.At >= now - Oldest).ToList();
                var rises = news.Where(each => !each.Crossing.Downwards && IsFloor(each.Crossing.Kind)).ToList();
                var returns = await CrossingStore.AfterTheFloor(connection, transaction, rises);
                var notices = news.Select(each => NoticeOf(each, returns)).OfType<Notice>().ToList();
                var written = await NoticeStore.InsertExpanded(connection, transaction, notices, now);
                await ExpandNotices.Write(
                    connection, transaction, [.. written.Select(one => new WaitingNotice(
                        one.No, one.Notice.ProviderNo, one.Notice.AccountNo, one.Notice.UserNo, one.Notice.Kind,
                        one.Notice.Data, now))], now);
                return taken.Count;
            },
            ct);

    Notice? NoticeOf(UntoldCrossing told, HashSet<(long, long)> returns)
    {
        var crossing = told.Crossing;
        var data = IsFloor(crossing.Kind)
            ? AtFloor(told, returns.Contains((crossing.WalletNo, told.N)))
            : crossing.Downwards
                ? new LowBalanceNotice(
                    told.Wallet, told.Currency, crossing.BalanceMicros, crossing.ThresholdMicros,
                    crossing.At.ToMicros())
                : null;
        return data is null
            ? null
            : Notice.ToAccount(
                told.ProviderNo, told.AccountNo, data, null, $"crossing {crossing.WalletNo} {told.N}");
    }

    /// <param name="wasGone">A new account's first deposit brings nothing back.</param>
    NoticeData? AtFloor(UntoldCrossing told, bool wasGone)
    {
        var (at, balance) = (told.Crossing.At.ToMicros(), told.Crossing.BalanceMicros);
        if (told.Crossing.Downwards)
            return new FundsGoneNotice(
                told.Wallet, told.Currency, balance, told.Crossing.ThresholdMicros, StoppedBy(told), at);
        return wasGone ? new FundsBackNotice(told.Wallet, told.Currency, balance, at) : null;
    }

    /// <summary>C5: outbound calls stop at the floor, inbound ones where the policy says so.</summary>
    Directions StoppedBy(UntoldCrossing told)
    {
        var policy = providers.PolicyOf(told.ProviderNo, told.Crossing.At);
        Demand.That(policy.Accepted, "a wallet's provider has a policy");
        var pays = WalletName.Pays(told.Wallet);
        // A wallet of inbound calls alone lets none of them in when it is empty, whatever the policy says.
        return pays == Directions.Both && !policy.Value.Policy.Suspend.InboundAtFloor ? Directions.Outbound : pays;
    }

    static bool IsFloor(CrossingKind kind) => kind switch
    {
        CrossingKind.Zero or CrossingKind.CreditLimit => true,
        CrossingKind.LowBalance or CrossingKind.AutomaticBilling => false,
    };
}
