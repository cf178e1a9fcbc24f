using Microsoft.AspNetCore.Http;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Office;

/// <summary>The customer that an address of the office names, within the provider of whoever asks.</summary>
static class TheirCustomer
{
    /// <summary>
    /// Null where there is none of that id, or where it is another provider's, which goes on record: nobody meets such
    /// an id by chance.
    /// </summary>
    public static async Task<AccountSummary?> Find(
        Installation installation, HttpContext http, string id)
    {
        if (await FindNo(installation, http, id) is not { } no) return null;
        return await installation.Summaries.Of(Visit.Of(http).Person!.ProviderNo, no, http.RequestAborted);
    }

    /// <summary>The account's number alone; null as above.</summary>
    public static async Task<long?> FindNo(Installation installation, HttpContext http, string id)
    {
        if (!PublicId.TryParse(id, PublicId.Account, out _)) return null;
        var person = Visit.Of(http).Person!;
        var found = await installation.Rules.Accounts.Find(person.ProviderNo, id, http.RequestAborted);
        if (found.Accepted) return found.Value;
        ForeignId.Record(http, id);
        return null;
    }
}
