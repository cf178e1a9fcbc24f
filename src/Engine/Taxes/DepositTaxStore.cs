using System.Data.Common;
using Dapper;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>All that is kept about the taxes on an account's deposits beside the rates, in one question.</summary>
public static class DepositTaxStore
{
    /// <returns>The exemptions with those that are over, the newest first.</returns>
    public static async Task<(TaxRegistrations Registrations, IReadOnlyList<KeptExemption> Exemptions)> Read(
        DbConnection connection, DbTransaction? transaction, int providerNo, long accountNo)
    {
        await using var both = await connection.QueryMultipleAsync(
            $"{TaxRegistrationStore.OfProvider}; {ExemptionStore.OfOneAccount}", new { providerNo, accountNo },
            transaction);
        var registrations = TaxRegistrationStore.Of(await both.ReadAsync<TaxRegistrationStore.Row>());
        var exemptions = await both.ReadAsync<ExemptionRow>();
        return (registrations, [.. exemptions.Select(row => row.ToExemption())]);
    }
}
