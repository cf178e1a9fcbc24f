using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;
using Tollkeeper.Host.Portal;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// Who may open which page, in one place: which right each asks for, where <see cref="Rights"/> says which role has it.
/// An endpoint that says nothing about it is open to nobody; those of the API say that they are, and ask for a key
/// themselves.
/// </summary>
public static class Permission
{
    /// <summary>A customer's user, at the host of the account's provider.</summary>
    public const string Customer = nameof(Right.SeeOwnAccount);
    public const string Billing = nameof(Right.ManageBilling);
    public const string Technical = nameof(Right.ManageTechnical);
    public const string Users = nameof(Right.ManageUsers);

    /// <summary>The provider's staff.</summary>
    public const string Staff = nameof(Right.SeeCustomers);
    public const string Serve = nameof(Right.ServeCustomers);
    public const string Money = nameof(Right.DecideMoney);
    public const string System = nameof(Right.RunSystem);
    public const string Records = nameof(Right.SeeRecords);
    public const string ManageStaff = nameof(Right.ManageStaff);

    /// <summary>Either, for what is their own: nobody looks at it in the place of another.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Staff, also while they look at a customer's portal.</summary>
    public const string OfActing = "of-acting";

    public static void Set(AuthorizationOptions options)
    {
        foreach (var right in Enum.GetValues<Right>())
            options.AddPolicy($"{right}", policy => Add(policy, person => person.May(right)));
        options.AddPolicy(SignedIn, policy => Add(policy, person => person.ActingAs is null));
        options.AddPolicy(OfActing, policy => Add(policy, person => person.IsStaff || person.ActingAs is not null));
        options.DefaultPolicy = options.GetPolicy(SignedIn)!;
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build();
    }

    /// <summary>
    /// Staff who look at a customer's portal send no form, whatever page it is of, but those few that say so; and each
    /// page that they look at goes on record.
    /// </summary>
    public static async Task RefuseActing(HttpContext http, RequestDelegate next)
    {
        var person = Visit.Of(http).Person;
        if (person?.ActingAs is not { } acting || !VisitStart.IsPage(http.Request.Path))
        {
            await next(http);
            return;
        }
        var metadata = http.GetEndpoint()?.Metadata;
        // A form that was sent twice: the first time led to where this one leads too.
        if (HttpMethods.IsPost(http.Request.Method)
            && http.Request.Path == $"/office/customers/{acting.AccountId}/acting")
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = StartPage.OfCustomers;
            return;
        }
        if (!HttpMethods.IsGet(http.Request.Method) && metadata?.GetMetadata<WhileActingAttribute>() is null)
        {
            await ErrorPages.Answer(http, Refusal.ActingAsCustomer);
            return;
        }
        if (HttpMethods.IsGet(http.Request.Method) && metadata?.GetMetadata<IAuthorizeData>() is not null
            && !VisitStart.IsAsset(http.Request.Path))
        {
            // With its first byte, so that a file that is broken off later is on record too.
            http.Response.OnStarting(() =>
            {
                if (http.Response.StatusCode == StatusCodes.Status200OK)
                    http.RequestServices.GetRequiredService<ActingPages>().Add(http, person, acting);
                return Task.CompletedTask;
            });
        }
        await next(http);
    }

    static void Add(AuthorizationPolicyBuilder policy, Func<Person, bool> may) =>
        policy.RequireAuthenticatedUser().RequireAssertion(asked => asked.Resource is HttpContext http
            && http.RequestServices.GetRequiredService<Visit>() is { Person: { } person, Provider: { } provider }
            && person.ProviderNo == provider.No && may(person));
}

/// <summary>
/// On what staff may send while they look at a customer's portal: it changes nothing of the customer's.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WhileActingAttribute : Attribute;
