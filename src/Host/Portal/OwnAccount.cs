using Microsoft.AspNetCore.Http;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Portal;

/// <summary>
/// The account of the customer who asks: read once for a page, however many parts of it show something of it.
/// </summary>
sealed class OwnAccount(Installation installation, Visit visit, IHttpContextAccessor http)
{
    Task<AccountSummary?>? summary;

    /// <summary>Null for whoever is no customer, and on a page that says that something is broken.</summary>
    public Task<AccountSummary?> Summary() => visit.IsBroken ? Nothing : summary ??= Read();

    static Task<AccountSummary?> Nothing => Task.FromResult<AccountSummary?>(null);

    Task<AccountSummary?> Read() => visit.Person is { AccountNo: { } accountNo } person
        ? installation.Summaries.Of(person.ProviderNo, accountNo, http.HttpContext!.RequestAborted)
        : Nothing;
}
