using System.Data.Common;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Payments;

/// <summary>What a provider's deposits are taxed by.</summary>
static class ProviderTaxes
{
    public static async Task<DepositTaxes> Of(
        DbConnection connection, DbTransaction? transaction, RulesInForce rules, int providerNo, Policy policy) =>
        new(policy.Tax, rules.SalesTaxes, await TaxRegistrationStore.Read(connection, transaction, providerNo), []);
}
