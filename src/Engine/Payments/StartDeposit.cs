using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Writes the document of a deposit, outstanding until it is paid or voided, with its taxes of today (R77, R101).
/// Refusals: <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.CurrencyMismatch"/>, those of
/// <see cref="PaymentOffer.Problem(PaymentRules, Money, long)"/> and of <see cref="DepositTaxes"/>.
/// </summary>
public sealed class StartDeposit(Database database, RulesInForce rules, IClock clock)
{
    /// <param name="wallet">Null: the main or the outbound one.</param>
    /// <param name="amount">Before tax.</param>
    public async Task<Result<Deposit>> Run(
        int providerNo, long accountNo, string? wallet, Money amount, Actor by, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var policy = rules.Providers.PolicyOf(providerNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        var wallets = await WalletStore.Of(database, accountNo, ct);
        var into = wallet is null
            ? wallets.FirstOrDefault(one => WalletName.Pays(one.Name).HasFlag(Directions.Outbound))
            : wallets.FirstOrDefault(one => one.Name == wallet);
        if (into is null) return Refusal.UnknownAccount;
        return await database.InTransaction<Deposit>(
            (connection, transaction) => In(
                connection, transaction, rules, policy.Value.Policy, providerNo, accountNo, into, amount, now, by), ct);
    }

    /// <summary>The same within what else is written.</summary>
    internal static async Task<Result<Deposit>> In(
        DbConnection connection, DbTransaction transaction, RulesInForce rules, Policy policy, int providerNo,
        long accountNo, WalletState into, Money amount, Instant now, Actor by)
    {
        if (into.Currency != amount.Currency) return Refusal.CurrencyMismatch;
        if (PaymentOffer.Problem(policy.Payments, amount, into.BalanceMicros) is { } problem) return problem;
        var profile = await ProfileStore.Find(connection, transaction, accountNo);
        var taxes = await ProviderTaxes.Of(connection, transaction, rules, providerNo, accountNo, policy);
        var (place, today) = (TaxPlace.Of(profile), now.InZone(BillingZone.Of(policy.Calendar).Value).Date);
        var quote = taxes.OnTop(amount, place, today);
        if (quote.Refused is { } refused) return refused;
        var deposit = await DepositStore.Insert(
            connection, transaction,
            new Deposit(
                0, Database.NewId(PublicId.Deposit).Text, providerNo, accountNo, into.Name, DepositState.Outstanding,
                amount, place, today, DepositLine.Of(quote.Value), now, null),
            by.Name);
        await AuditRecordStore.Insert(
            connection, transaction,
            new AuditRecord(Act.DepositStarted, providerNo, by.UserNo, accountNo, deposit.Id, by.Name, by.Address)
            { After = $"{deposit.Total}" },
            now);
        return deposit;
    }
}

/// <summary>
/// Takes a deposit back that nobody paid (R102). Refusals: <see cref="Refusal.UnknownDeposit"/>,
/// <see cref="Refusal.DepositEnded"/>, <see cref="Refusal.PaymentUnderWay"/>.
/// </summary>
public sealed class VoidDeposit(Database database, IClock clock)
{
    public Task<Result<Deposit>> Run(
        int providerNo, long accountNo, string id, Actor by, CancellationToken ct = default) =>
        database.InTransaction<Deposit>(
            async (connection, transaction) =>
            {
                var found = await DepositStore.Find(connection, transaction, accountNo, id);
                if (found.Refused is { } unknown) return unknown;
                await DepositStore.Lock(connection, transaction, found.Value.No);
                var tries = await PaymentStore.OfDeposit(connection, transaction, found.Value.No);
                if (tries.Any(one => one.IsUnderWay)) return Refusal.PaymentUnderWay;
                var now = clock.GetCurrentInstant();
                if (!await DepositStore.Void(connection, transaction, found.Value.No, now, by.Name))
                    return Refusal.DepositEnded;
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(Act.DepositVoided, providerNo, by.UserNo, accountNo, id, by.Name, by.Address),
                    now);
                return found.Value with { State = DepositState.Voided };
            },
            ct);
}
