using Microsoft.AspNetCore.Http;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Portal;

/// <summary>The mail that an address names, for whoever may read it.</summary>
static class AskedMail
{
    /// <summary>
    /// Null where there is none of that id, or where it is somebody else's, which goes on record: nobody meets such an
    /// id by chance.
    /// </summary>
    public static async Task<KeptMail?> Find(Installation installation, HttpContext http, string id)
    {
        var mail = await KeptMailStore.Find(installation.Database, id, http.RequestAborted);
        if (mail is null || IsFor(mail, Visit.Of(http).Person!)) return mail;
        ForeignId.Record(http, id);
        return null;
    }

    /// <summary>Staff read their provider's mails, a customer's users those of the account and their own.</summary>
    static bool IsFor(KeptMail mail, Person who) =>
        mail.ProviderNo == who.ProviderNo
        && (who.IsStaff || (mail.AccountNo == who.AccountNo && (!mail.Personal || mail.UserNo == who.UserNo)));
}
