using NodaTime;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// Reads what the balance page shows: one round trip, and one more for the calls in progress only where there are some.
/// </summary>
public sealed class SummarizeAccount(
    Database database, ProvidersInForce providers, OpenHolds openHolds, IClock clock)
{
    public const int DaysShown = 30;
    public const int CallsShown = 5;

    /// <summary>R25: calls are shown for ninety days.</summary>
    static readonly Duration CallsBack = Duration.FromDays(90);

    /// <summary>Null where there is no such account.</summary>
    /// <param name="providerNo">The account's provider, whose dates and rules go.</param>
    public async Task<AccountSummary?> Of(int providerNo, long accountNo, CancellationToken ct)
    {
        var at = clock.GetCurrentInstant();
        var policy = providers.PolicyOf(providerNo, at).Value.Policy;
        var zone = BillingZone.Of(policy.Calendar).Value;
        var today = at.InZone(zone).Date;
        var day = Period.DaysBetween(SummaryRows.Epoch, today);
        var rows = await AccountSummaryStore.Read(
            database, accountNo, day - DaysShown + 1, CallsShown, at - CallsBack, ct);
        if (rows?.Account is not { } account || account.Facts.ProviderNo != providerNo) return null;
        var running = rows.Wallets.Sum(wallet => wallet.CallsUp) > 0
            ? await openHolds.Of(accountNo, ct)
            : HeldCalls.None;
        var accountDays = Period.DaysBetween(account.CreatedAt.InZone(zone).Date, today);
        Demand.That(PublicId.TryParse(account.Id, PublicId.Account, out var id), "an account's row has its id");
        rows.LastCalls.Sort(ListedCall.NewestFirst);
        return new AccountSummary
        {
            Id = id,
            Name = account.Name,
            Facts = account.Facts,
            Place = rows.Place,
            At = at,
            Zone = zone,
            Today = today,
            Status = AccountStatus.Of(
                account.Facts, rows.Suspensions,
                rows.Wallets.Select(wallet => new WalletStanding(
                    WalletName.Pays(wallet.Name), wallet.BalanceMicros, wallet.FloorMicros(at))),
                policy.Suspend),
            Wallets = [.. rows.Wallets.OrderBy(wallet => wallet.Name == WalletName.Inbound)
                .Select(wallet => SummaryOf(wallet, rows, at, day, Math.Clamp(accountDays, 0, Depletion.Days)))],
            Days = DaysOf(rows, day),
            LastCalls = rows.LastCalls.Count > CallsShown ? rows.LastCalls[..CallsShown] : rows.LastCalls,
            RunningCalls = [.. running.Newest.Select(hold => RunningCall.Of(hold, at))],
            RunningCount = running.Count,
            Lines = LineNow.Of(rows.Wallets, at),
        };
    }

    static WalletSummary SummaryOf(SummaryRows.Wallet wallet, SummaryRows rows, Instant at, int day, int formerDays)
    {
        var floor = wallet.FloorMicros(at);
        var today = wallet.TodayMicros(day);
        var former = Enumerable.Range(1, formerDays)
            .Select(back => SpentOn(wallet, rows, day - back)).ToList();
        var depleted = Depletion.On(
            checked(wallet.BalanceMicros - floor - wallet.HeldMicros), former, today, SummaryRows.Epoch.PlusDays(day));
        return new WalletSummary(
            wallet.No, wallet.Name, wallet.BalanceMicros, wallet.HeldMicros, floor, wallet.Calls, today,
            wallet.MonthMicros(day), depleted);
    }

    static List<DaySpending> DaysOf(SummaryRows rows, int today) =>
        [.. Enumerable.Range(today - DaysShown + 1, DaysShown).Select(day => new DaySpending(
            SummaryRows.Epoch.PlusDays(day),
            rows.Wallets.Aggregate(0L, (sum, wallet) => checked(sum + SpentOn(wallet, rows, day)))))];

    static long SpentOn(SummaryRows.Wallet wallet, SummaryRows rows, int day)
    {
        if (wallet.Day == day) return wallet.DaySpentMicros;
        foreach (var (walletNo, kept, spent) in rows.Days)
            if (walletNo == wallet.No && kept == day) return spent;
        return 0;
    }
}
