using Microsoft.AspNetCore.Http;
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
        Installation installation, HttpContext http, long accountNo, string id)
    {
        var (person, ct) = (Visit.Of(http).Person!, http.RequestAborted);
        if (!CallKey.TryParse(id, out var key)) return null;
        var receipt = await installation.Receipts.Of(person.ProviderNo, accountNo, key, ct);
        if (receipt is null && await installation.Receipts.Exists(key, ct)) ForeignId.Record(http, id);
        return receipt;
    }
}
