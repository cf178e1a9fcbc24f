using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Tollkeeper.Accounts;
using Tollkeeper.Host.Portal;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// Puts on record which pages staff look at in a customer's portal. What says of itself that nobody saw it is on record
/// once in a period, because nobody else says so: an open page asks anew for as long as it is open. So is the stream
/// that tells an open page what moves on it.
/// </summary>
sealed class ActingPages(Installation installation)
{
    /// <summary>With more, all are forgotten, and on record once more.</summary>
    const int Most = 10_000;

    readonly ConcurrentDictionary<(string Session, Acting Acting, string Asked), bool> known = new();

    public void Add(HttpContext http, Person person, Acting acting)
    {
        var path = $"{http.Request.Path}";
        if (known.Count >= Most) known.Clear();
        var isNew = known.TryAdd((person.SessionId, acting, path + http.Request.QueryString), true);
        if (!isNew && (Unseen.Is(http.Request) || path == LiveApi.Path)) return;
        installation.Records.Add(
            new AuditRecord(
                Act.ActingPage, person.ProviderNo, person.UserNo, acting.AccountNo, path, person.Email,
                ClientAddress.Of(http)),
            Visit.Of(http).At);
    }
}
