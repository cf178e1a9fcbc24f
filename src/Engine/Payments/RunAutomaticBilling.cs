using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Automatic billing (REC-05): what reached its threshold is charged, or waits for the next billing day. What is to be
/// charged is written down as a payment, once for an account, a day and an attempt, by the transaction that decides it;
/// charging it is <see cref="AdvancePayments"/>'. Any number of nodes may do it.
/// </summary>
public sealed class RunAutomaticBilling(
    Database database, RulesInForce rules, Bookkeeper bookkeeper, IClock clock)
{
    const string Name = "automatic billing";

    /// <summary>As far back as networks count refusals (PAY-05).</summary>
    static readonly Duration Remembered = Duration.FromDays(31);

    /// <param name="most">Accounts at once.</param>
    /// <returns>How many were due.</returns>
    public async Task<int> Run(int most, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var due = await database.InTransaction(
            async (connection, transaction) =>
            {
                var crossed = await CrossingStore.TakeAutomatic(connection, transaction, most);
                await AutomaticBillingStore.Wake(connection, transaction, crossed, now);
                return await AutomaticBillingStore.TakeDue(
                    connection, transaction, now, now + PaymentPatience.Turn, most);
            },
            ct);
        foreach (var accountNo in due) await Look(accountNo, ct);
        return due.Count;
    }

    /// <summary>Looks at one account: sets where its wallet is watched, and decides.</summary>
    public async Task Look(long accountNo, CancellationToken ct = default)
    {
        AutomaticSettings settings;
        await using (var connection = await database.Connect(ct))
        {
            if (await AutomaticBillingStore.Find(connection, null, accountNo) is not { } found) return;
            settings = found;
        }
        var left = await new WatchAutomatic(bookkeeper).Set(
            accountNo, settings.Wallet, settings is { IsOn: true, Halted: null } ? settings.ThresholdMicros : null);
        // The books are busy: it comes again.
        if (left.Refused is not null) return;
        await database.InTransaction(
            async (connection, transaction) =>
            {
                var locked = await AutomaticBillingStore.Lock(connection, transaction, accountNo);
                var next = await Decide(
                    connection, transaction, locked with { Wakes = settings.Wakes }, left.Value);
                await AutomaticBillingStore.Follow(connection, transaction, next);
                return true;
            },
            ct);
    }

    async Task<AutomaticSettings> Decide(
        DbConnection connection, DbTransaction transaction, AutomaticSettings settings, long leftMicros)
    {
        var now = clock.GetCurrentInstant();
        var quiet = settings with { NextAt = null };
        if (settings.CardNo is not { } cardNo) return quiet;
        var policy = rules.Providers.PolicyOf(settings.ProviderNo, now);
        Demand.That(policy.Accepted, "an account's provider has a policy");
        var attempts = await AutomaticBillingStore.Attempts(
            connection, transaction, settings.AccountNo, cardNo, now - Remembered);
        var own = attempts.Where(one => one.AccountNo == settings.AccountNo).ToList();
        // What is under way is not decided: its end wakes this again.
        if (own.Any(one => one.IsUnderWay)) return quiet;
        // The balance was read before this transaction: what was credited since is there too.
        var wallets = await WalletStore.Of(connection, settings.AccountNo, CancellationToken.None);
        var wallet = wallets.First(one => one.Name == settings.Wallet);
        leftMicros = Math.Max(leftMicros, wallet.BalanceMicros - wallet.HeldMicros);
        var card = await CardStore.Read(connection, transaction, cardNo);
        var turn = new AutomaticTurn(
            connection, transaction, rules, policy.Value.Policy, quiet, card, attempts, now);
        if (own.Count > 0 && own[^1].PaymentNo != settings.CountedNo) turn = await turn.Count(own[^1]);
        return turn.Settings is { IsOn: true, Halted: null, NextAt: null }
            ? await turn.ChargeOrWait(leftMicros)
            : turn.Settings;
    }

    internal static Actor By => Actor.Named(Name);
}
