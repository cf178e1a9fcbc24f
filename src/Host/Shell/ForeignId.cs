using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;
using Tollkeeper.Host.SignIn;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// Somebody signed in asked for what is not theirs. The answer is that of a thing that does not exist; nobody meets
/// such an id by chance, and so it goes on record.
/// </summary>
static class ForeignId
{
    /// <param name="asked">An id, or the address of a page that is not for such as them.</param>
    public static void Record(HttpContext http, string asked)
    {
        if (Visit.Of(http).Person is not { } person) return;
        Record(http, new AuditRecord(
            Act.ForeignIdAsked, person.ProviderNo, person.UserNo, person.AccountNo, asked,
            Address: ClientAddress.Of(http)));
    }

    /// <summary>Somebody who asks in a loop is on record often enough, and fills no database.</summary>
    public static void Record(HttpContext http, AuditRecord record)
    {
        var limits = http.RequestServices.GetRequiredService<DoorLimits>();
        if (limits.TryEnter(Entrance.Foreign, $"{record.UserNo}"))
            http.RequestServices.GetRequiredService<Installation>().Records.Add(record);
    }
}
