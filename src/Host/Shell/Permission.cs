using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;

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

    /// <summary>Either.</summary>
    public const string SignedIn = "signed-in";

    public static void Set(AuthorizationOptions options)
    {
        foreach (var right in Enum.GetValues<Right>())
            options.AddPolicy($"{right}", policy => Add(policy, person => person.May(right)));
        options.AddPolicy(SignedIn, policy => Add(policy, _ => true));
        options.DefaultPolicy = options.GetPolicy(SignedIn)!;
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build();
    }

    static void Add(AuthorizationPolicyBuilder policy, Func<Person, bool> may) =>
        policy.RequireAuthenticatedUser().RequireAssertion(asked => asked.Resource is HttpContext http
            && http.RequestServices.GetRequiredService<Visit>() is { Person: { } person, Provider: { } provider }
            && person.ProviderNo == provider.No && may(person));
}
