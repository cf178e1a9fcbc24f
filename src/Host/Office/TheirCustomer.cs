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
        var (person, ct) = (Visit.Of(http).Person!, http.RequestAborted);
        if (!PublicId.TryParse(id, PublicId.Account, out _)) return null;
        var found = await installation.Rules.Accounts.Find(person.ProviderNo, id, ct);
        if (found.Accepted) return await installation.Summaries.Of(person.ProviderNo, found.Value, ct);
        ForeignId.Record(http, id);
        return null;
    }
}
