using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Host.Shell;
using Tollkeeper.Ledger;

namespace Tollkeeper.Host.Portal;

/// <summary>The receipt that an address names, of one account's calls.</summary>
static class AskedReceipt
{
    /// <summary>
    /// Null where there is no such call, or where it is another account's, which goes on record: nobody meets such an
    /// id by chance.
    /// </summary>
    public static async Task<Receipt?> Find(
        Installation installation, Visit visit, long accountNo, string id, CancellationToken ct)
    {
        var person = visit.Person!;
        if (!CallKey.TryParse(id, out var key)) return null;
        var receipt = await installation.Receipts.Of(accountNo, key, ct);
        if (receipt is null && await installation.Receipts.Exists(key, ct))
        {
            installation.Records.Add(new AuditRecord(
                Act.ForeignIdAsked, person.ProviderNo, person.UserNo, person.AccountNo, id));
        }
        return receipt;
    }
}
