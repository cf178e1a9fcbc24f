namespace Tollkeeper.Accounts;

/// <summary>People who belong together: the users of an account, or a provider's staff.</summary>
/// <param name="AccountNo">Null for staff.</param>
public sealed record Team(int ProviderNo, long? AccountNo)
{
    /// <summary>More are refused; a list of them is one page.</summary>
    public const int MostUsers = 200;

    public bool IsStaff => AccountNo is null;

    /// <summary>
    /// What somebody can be made by a form. The primary admin becomes it by a hand-over alone (R73).
    /// </summary>
    public IReadOnlyList<Role> Roles => IsStaff ? Accounts.Roles.OfStaff : Accepting;

    static readonly IReadOnlyList<Role> Accepting = [Role.Billing, Role.Technical, Role.ReadOnly];

    /// <summary>Why this is nobody's role here. Refusal: <see cref="Refusal.BadRole"/>.</summary>
    public Refused? Problem(Role? role) =>
        role is { } known && Roles.Contains(known) ? null : new Refused(Refusal.BadRole, "Role");

    /// <summary>A name may be left out. Refusal: <see cref="Refusal.BadText"/>.</summary>
    public static Refused? ProblemOfName(string name) =>
        name.Length == 0 || PlainText.Fits(name, User.LongestName) ? null : new Refused(Refusal.BadText, "Name");
}
