using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Accounts;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Scenarios;
using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Host;

/// <summary>
/// Every way in × everybody who may stand before it × whose ids are asked for. A new route fails until it stands in
/// <see cref="RouteTable"/>.
/// </summary>
public sealed class RouteTableTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_route_opens_to_those_in_its_line_of_the_table_and_to_nobody_else()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var stage = await RouteStage.Set(served);
        var routes = served.Routes.SelectMany(Lines).Distinct().Order(StringComparer.Ordinal).ToList();
        Tidy.SourceTree.AssertNone(routes.Except(RouteTable.Lines.Select(line => line.Name)), "Not in the table:");
        Tidy.SourceTree.AssertNone(RouteTable.Lines.Select(line => line.Name).Except(routes), "No such route:");

        var wrong = new List<string>();
        var asked = 0;
        foreach (var line in RouteTable.Lines)
        {
            await stage.ActAgain();
            foreach (var who in Enum.GetValues<Asker>())
            {
                foreach (var (owner, path) in stage.Paths(line.Pattern))
                {
                    asked++;
                    var expected = RouteTable.Expected(line, who, owner);
                    var status = await stage.Ask(line.Method, path, who);
                    if (!expected.Contains(status))
                        wrong.Add($"{line.Name} as {who} for {owner}: {status}, not {string.Join('/', expected)}");
                }
            }
        }
        output.WriteLine($"{asked} combinations of {RouteTable.Lines.Count} routes");
        Tidy.SourceTree.AssertNone(wrong, "A door that is open or shut to the wrong people:");
    }

    static IEnumerable<string> Lines(RouteEndpoint route)
    {
        var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"];
        foreach (var method in methods) yield return $"{method} /{route.RoutePattern.RawText?.TrimStart('/')}";
    }
}

/// <summary>Who stands before a route.</summary>
public enum Asker
{
    Nobody,

    /// <summary>The primary admin, and then the account's other users by their roles.</summary>
    Customer,
    Billing,
    Technical,
    ReadOnly,

    /// <summary>The owner, and then the others of the staff.</summary>
    Staff,
    Support,
    Finance,
    Engineer,

    /// <summary>Of another provider, with the cookie of its own host.</summary>
    ForeignCustomer,
    ForeignStaff,

    /// <summary>Of the staff, looking at the portal of the customer whose ids are the own ones.</summary>
    ActingStaff,
    SwitchKey,
    AccountKey,
    OperatorKey,
}

/// <summary>Whose ids stand in the address.</summary>
public enum Owner
{
    /// <summary>None: the route has none.</summary>
    None,
    Own,
    SameProvider,
    OtherProvider,
}

/// <summary>Who may open a route.</summary>
public enum Opens
{
    /// <summary>Pages and files for everybody at a provider's host.</summary>
    ToAll,

    /// <summary>Pages for whoever has a right, at the own account or at the provider's customers.</summary>
    ToRight,
    ToSignedIn,

    /// <summary>The way out for staff who look at a customer's portal.</summary>
    ToActing,

    /// <summary>The API: keys of a kind, and cookies are worth nothing.</summary>
    ToSwitchKeys,
    ToAccountKeys,
    ToOperatorKeys,
}

public sealed record RouteLine(string Method, string Pattern, Opens Opens, Right? Right = null)
{
    public string Name => $"{Method} {Pattern}";
}

/// <summary>The table.</summary>
public static class RouteTable
{
    public static IReadOnlyList<RouteLine> Lines { get; } =
    [
        .. Get(Opens.ToAll, "/", "/brand.css", "/brand/logo", "/assets/{name}", "/health/live", "/health/ready",
            "/openapi/{documentName}.json"),
        .. Page(Opens.ToAll, "/sign-in", "/sign-in/two-step", "/sign-in/recovery", "/forgot-password",
            "/resend-confirmation", "/reset-password", "/confirm-email", "/change-email", "/sign-up",
            "/sign-up/confirm", "/help", "/help/{Topic}", "/pay/{Id}"),
        .. Post(Opens.ToAll, "/v1/gateways/{gateway}/events"),
        .. Post(Opens.ToAll, "/language", "/theme", "/sign-out", "/sign-in/passkey"),
        .. Page(Right.SeeOwnAccount, "/finances/account-balance", "/calls", "/calls/{Id}", "/account",
            "/account/contact", "/account/network", "/finances/deposits", "/finances/deposits/{Id}", "/account/tax"),
        .. Get(Right.SeeOwnAccount, "/account/tax/{id}/certificate"),
        .. Get(Right.SeeCustomers, "/office/exemptions/{id}/certificate"),
        new("POST", "/account/tax/certificate", Opens.ToRight, Right.ManageBilling),
        .. Get(Right.SeeOwnAccount, "/calls.csv", "/live", "/account/notifications/{id}/html",
            "/account/notifications/{id}/file"),
        .. Page(Right.SeeOwnAccount, "/account/notifications", "/account/notifications/{Id}"),
        .. Page(Right.ManageTechnical, "/account/keys"),
        .. Page(Right.ManageBilling, "/account/contact/edit", "/account/credit", "/finances/add-funds",
            "/finances/automatic-billing", "/finances/move"),
        .. Page(Right.ManageUsers, "/account/users", "/account/users/{UserId}",
            "/account/users/{UserId}/primary"),
        .. Page(Right.ServeCustomers, "/office/customers/{Id}/users", "/office/customers/{Id}/users/{UserId}",
            "/office/customers/{Id}/users/{UserId}/primary"),
        .. Page(Right.ManageStaff, "/office/staff", "/office/staff/{UserId}"),
        .. Page(Opens.ToSignedIn, "/account/security", "/account/security/two-step", "/account/security/email"),
        .. Post(Opens.ToSignedIn, "/account/security/passkeys", "/account/security/passkeys/add",
            "/account/security/passkeys/rename", "/account/security/passkeys/remove"),
        .. Page(Right.SeeCustomers, "/office/customers", "/office/customers/{Id}", "/office/customers/{Id}/calls",
            "/office/customers/{Id}/calls/{CallId}", "/office/rates", "/office/rates/{Id}", "/office/work",
            "/office/work/{Id}", "/office/customers/{Id}/network", "/office/payments",
            "/office/customers/{Id}/deposits", "/office/customers/{Id}/deposits/{DepositId}",
            "/office/customers/{Id}/taxes", "/office/taxes", "/office/taxes/{Place}", "/office/taxes/registrations",
            "/office/taxes/exchange"),
        .. Get(Right.SeeCustomers, "/office/customers/{id}/calls.csv", "/office/mail/{id}/html",
            "/office/mail/{id}/file"),
        .. Page(Right.SeeCustomers, "/office/mail", "/office/mail/{Id}"),
        .. Page(Right.ServeCustomers, "/office/customers/new", "/office/customers/{Id}/profile",
            "/office/customers/{Id}/status", "/office/customers/{Id}/notes", "/office/customers/{Id}/network/edit",
            "/office/customers/{Id}/acting", "/office/customers/{Id}/keys"),
        .. Page(Right.RunSystem, "/office/rates/{Id}/drafts/{DraftId}/changes",
            "/office/rates/{Id}/drafts/{DraftId}/effect"),
        .. Get(Right.RunSystem, "/office/rates/{id}/drafts/{draft}/changes.csv"),
        .. Page(Right.DecideMoney, "/office/customers/{Id}/credit", "/office/customers/{Id}/adjust",
            "/office/payments/record", "/office/payments/return", "/office/payments/instructions",
            "/office/gateways"),
        .. Page(Right.SeeRecords, "/office/audit", "/office/customers/{Id}/audit"),
        .. Get(Right.SeeRecords, "/office/audit.csv"),
        .. Page(Right.RunSystem, "/office/keys", "/office/jobs", "/office/jobs/{Name}", "/office/jobs/{Name}/{No:long}",
            "/office/rates/{Id}/alert", "/office/rates/{Id}/new", "/office/rates/{Id}/drafts/{DraftId}"),
        new("POST", "/office/rates/{id}/drafts", Opens.ToRight, Right.RunSystem),
        new("POST", "/office/acting/end", Opens.ToActing),
        .. Post(Opens.ToSwitchKeys, "/v1/calls/authorize", "/v1/calls/renew", "/v1/calls/end", "/v1/calls/import",
            "/v1/queries"),
        .. Get(Opens.ToAccountKeys, "/v1/balance", "/v1/entries"),
        .. Post(Opens.ToAccountKeys, "/v1/tax/quote"),
        .. Post(Opens.ToOperatorKeys, "/v1/accounts/{id}/deposits", "/v1/accounts/{id}/credit-limits",
            "/v1/accounts/{id}/reversals", "/v1/accounts/{id}/suspensions"),
        new("DELETE", "/v1/accounts/{id}/suspensions/{reason}", Opens.ToOperatorKeys),
        new("HEAD", "/assets/{name}", Opens.ToAll),
        // The framework's own: answers only to addresses that it sealed itself.
        new("GET", "/_framework/opaque-redirect", Opens.ToAll),
        new("*", "/{*path}", Opens.ToAll),
    ];

    /// <summary>What staff may send while they look at a customer's portal.</summary>
    static readonly string[] SentWhileActing = ["/language", "/theme", "/sign-out", "/office/acting/end"];

    static readonly int[] Found = [200, 302, 303, 400, 401, 402, 404, 409, 422];

    /// <summary>
    /// Open doors answer as the question deserves; forms and bodies are sent empty, so that may be a refusal. Shut
    /// doors lead to the sign-in, or answer as if there were no such page; ids of others are not found.
    /// </summary>
    public static int[] Expected(RouteLine line, Asker who, Owner owner)
    {
        var role = RoleOf(who);
        var signedIn = role is not null;
        if (who == Asker.ActingStaff && Acting(line, owner) is { } answer) return answer;
        return line.Opens switch
        {
            Opens.ToAll => Found,
            Opens.ToRight => Pages(
                role?.Has(line.Right!.Value) == true,
                owner is Owner.None or Owner.Own || (owner == Owner.SameProvider && role?.IsStaff() == true)),
            Opens.ToSignedIn => Pages(signedIn, true),
            Opens.ToActing => role?.IsStaff() == true ? [303, 400] : signedIn ? [404] : [302],
            Opens.ToSwitchKeys => Api(who, Asker.SwitchKey),
            Opens.ToAccountKeys => who == Asker.OperatorKey ? [400] : Api(who, Asker.AccountKey),
            Opens.ToOperatorKeys => Api(who, Asker.OperatorKey),
        };

        int[] Pages(bool may, bool own)
        {
            // A form without a token is refused before anybody looks at whose page it is.
            if (may && line.Method == "POST") return own ? [303, 400, 422] : [400, 404];
            if (may) return own ? [200] : [404];
            return signedIn ? [404] : [302];
        }
    }

    /// <summary>No form but those few, and no page but the customer's. Null: as for a customer.</summary>
    static int[]? Acting(RouteLine line, Owner owner)
    {
        if (line.Pattern.StartsWith("/v1", StringComparison.Ordinal)) return null;
        // Sent twice: the second time leads to where the first one led.
        if (line is { Method: "POST", Pattern: "/office/customers/{Id}/acting" } && owner == Owner.Own) return [303];
        if (line.Method == "POST")
            return SentWhileActing.Contains(line.Pattern, StringComparer.Ordinal) ? [303, 400] : [403];
        if (line.Pattern.StartsWith("/_framework", StringComparison.Ordinal)) return [403];
        var may = line.Opens == Opens.ToAll || (line.Right is { } right && Role.PrimaryAdmin.Has(right));
        return may ? null : [403];
    }

    static int[] Api(Asker who, Asker may)
    {
        if (who == may) return [200, 400, 404, 409, 422];
        return who is Asker.SwitchKey or Asker.AccountKey or Asker.OperatorKey ? [403] : [401];
    }

    /// <summary>At the host that is asked; null for whoever is nobody there.</summary>
    public static Role? RoleOf(Asker who) => who switch
    {
        Asker.Customer => Role.PrimaryAdmin,
        Asker.Billing => Role.Billing,
        Asker.Technical => Role.Technical,
        Asker.ReadOnly => Role.ReadOnly,
        Asker.Staff => Role.Owner,
        Asker.Support => Role.Support,
        Asker.Finance => Role.Finance,
        Asker.Engineer => Role.Engineer,
        Asker.ActingStaff => Role.PrimaryAdmin,
        Asker.Nobody or Asker.ForeignCustomer or Asker.ForeignStaff or Asker.SwitchKey or Asker.AccountKey
            or Asker.OperatorKey => null,
    };

    static IEnumerable<RouteLine> Get(Right right, params string[] patterns) =>
        patterns.Select(pattern => new RouteLine("GET", pattern, Opens.ToRight, right));

    static IEnumerable<RouteLine> Page(Right right, params string[] patterns) =>
    [
        .. Get(right, patterns),
        .. patterns.Select(pattern => new RouteLine("POST", pattern, Opens.ToRight, right)),
    ];

    static IEnumerable<RouteLine> Get(Opens opens, params string[] patterns) =>
        patterns.Select(pattern => new RouteLine("GET", pattern, opens));

    static IEnumerable<RouteLine> Post(Opens opens, params string[] patterns) =>
        patterns.Select(pattern => new RouteLine("POST", pattern, opens));

    /// <summary>A component that is a page takes both.</summary>
    static IEnumerable<RouteLine> Page(Opens opens, params string[] patterns) =>
        [.. Get(opens, patterns), .. Post(opens, patterns)];
}
