using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Engine.Demo;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// The root: leads on to the first page of whoever is signed in. A demonstration lists its providers on any host that
/// is none of theirs; elsewhere an unknown host is told nothing.
/// </summary>
sealed class StartPage(Installation installation)
{
    public const string OfCustomers = "/finances/account-balance";
    public const string OfStaff = "/office/customers";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", Show).AllowAnonymous().ExcludeFromDescription();

    Task Show(HttpContext http)
    {
        var visit = http.RequestServices.GetRequiredService<Visit>();
        if (visit.Provider is null)
        {
            if (!File.Exists(DemoFile.PathIn(installation.Settings.DataFolder)))
                return ErrorPages.Page(http, Refusal.UnknownProvider);
            return new RazorComponentResult<ProvidersDocument>().ExecuteAsync(http);
        }
        http.Response.Redirect(
            visit.Person is not { } person ? "/sign-in" : person.IsStaff ? OfStaff : OfCustomers);
        return Task.CompletedTask;
    }
}
