using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// What a deposit would come to, tax by tax, before there is one. Refusals: those of
/// <see cref="PaymentOffer.Problem(PaymentRules, Money, long)"/> and of <see cref="DepositTaxes"/>.
/// </summary>
public sealed class QuoteDeposit(Database database, RulesInForce rules, IClock clock)
{
    /// <param name="amount">Before tax.</param>
    /// <param name="balanceMicros">Of the wallet that it would raise.</param>
    public async Task<Result<TaxQuote>> Run(
        int providerNo, long accountNo, Money amount, long balanceMicros, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var policy = rules.Providers.PolicyOf(providerNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        if (PaymentOffer.Problem(policy.Value.Policy.Payments, amount, balanceMicros) is { } problem) return problem;
        await using var connection = await database.ConnectForPage(ct);
        var profile = await ProfileStore.Find(connection, null, accountNo);
        var taxes = await ProviderTaxes.Of(
            connection, null, rules, providerNo, accountNo, policy.Value.Policy);
        var today = now.InZone(BillingZone.Of(policy.Value.Policy.Calendar).Value).Date;
        return taxes.OnTop(amount, TaxPlace.Of(profile), today);
    }
}
