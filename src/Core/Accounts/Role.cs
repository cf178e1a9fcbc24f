namespace Tollkeeper.Accounts;

/// <summary>What somebody is to an account, or to the provider. The numbers are stored: never renumber.</summary>
public enum Role
{
    /// <summary>The primary contact with full access (R66); exactly one for each account (R73).</summary>
    PrimaryAdmin = 1,
    Billing = 2,
    Technical = 3,
    ReadOnly = 4,

    Support = 11,
    Finance = 12,
    Engineer = 13,

    /// <summary>May do everything that staff may, and says who staff are.</summary>
    Owner = 14,
}

public static class Roles
{
    public static IReadOnlyList<Role> OfCustomers { get; } =
        [Role.PrimaryAdmin, Role.Billing, Role.Technical, Role.ReadOnly];

    public static IReadOnlyList<Role> OfStaff { get; } = [Role.Support, Role.Finance, Role.Engineer, Role.Owner];

    /// <summary>As forms and commands write it.</summary>
    public static string Word(this Role role) => role switch
    {
        Role.PrimaryAdmin => "primary-admin",
        Role.Billing => "billing",
        Role.Technical => "technical",
        Role.ReadOnly => "read-only",
        Role.Support => "support",
        Role.Finance => "finance",
        Role.Engineer => "engineer",
        Role.Owner => "owner",
    };

    /// <summary>The role of that word; null where there is none.</summary>
    public static Role? Of(string? word)
    {
        foreach (var role in OfCustomers.Concat(OfStaff))
        {
            if (role.Word() == word) return role;
        }
        return null;
    }

    public static bool IsStaff(this Role role) => role switch
    {
        Role.Support or Role.Finance or Role.Engineer or Role.Owner => true,
        Role.PrimaryAdmin or Role.Billing or Role.Technical or Role.ReadOnly => false,
    };

    /// <summary>
    /// What somebody becomes of whom nothing else is said: the first of an account its primary admin, the first of a
    /// provider's staff its owner, whoever comes later the least.
    /// </summary>
    public static Role Unsaid(bool staff, bool first) => (staff, first) switch
    {
        (false, true) => Role.PrimaryAdmin,
        (false, false) => Role.ReadOnly,
        (true, true) => Role.Owner,
        (true, false) => Role.Support,
    };
}
