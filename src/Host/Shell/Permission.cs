using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// Who may open which page, in one place. An endpoint that says nothing about it is open to nobody; those of the API
/// say that they are, and ask for a key themselves.
/// </summary>
public static class Permission
{
    /// <summary>A customer's user, at the host of the account's provider.</summary>
    public const string Customer = "customer";

    /// <summary>The provider's staff.</summary>
    public const string Staff = "staff";

    /// <summary>Either.</summary>
    public const string SignedIn = "signed-in";

    public static void Set(AuthorizationOptions options)
    {
        options.AddPolicy(Customer, policy => Add(policy, person => !person.IsStaff));
        options.AddPolicy(Staff, policy => Add(policy, person => person.IsStaff));
        options.AddPolicy(SignedIn, policy => Add(policy, _ => true));
        options.DefaultPolicy = options.GetPolicy(SignedIn)!;
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build();
    }

    static void Add(AuthorizationPolicyBuilder policy, Func<Person, bool> may) =>
        policy.RequireAuthenticatedUser().RequireAssertion(asked => asked.Resource is HttpContext http
            && http.RequestServices.GetRequiredService<Visit>() is { Person: { } person, Provider: { } provider }
            && person.ProviderNo == provider.No && may(person));
}
