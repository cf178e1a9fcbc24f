using System.Data.Common;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Payments;

/// <summary>What an account's deposits are taxed by at its provider.</summary>
static class ProviderTaxes
{
    public static async Task<DepositTaxes> Of(
        DbConnection connection, DbTransaction? transaction, RulesInForce rules, int providerNo, long accountNo,
        Policy policy)
    {
        var (registrations, exemptions) = await DepositTaxStore.Read(connection, transaction, providerNo, accountNo);
        return new DepositTaxes(policy.Tax, rules.SalesTaxes, registrations, KeptExemption.Counting(exemptions));
    }
}
