namespace Tollkeeper.Accounts;

/// <summary>Something that not everybody may do.</summary>
public enum Right
{
    // Of a customer's users, at their own account.
    SeeOwnAccount,

    /// <summary>Addresses, billing, alerts, credit.</summary>
    ManageBilling,

    /// <summary>Keys and what switches need.</summary>
    ManageTechnical,

    /// <summary>Who else may sign in, as what.</summary>
    ManageUsers,

    // Of a provider's staff, at its customers.
    SeeCustomers,

    /// <summary>Sign up, write down, suspend, close, set the limits of calls.</summary>
    ServeCustomers,

    /// <summary>Credit and whatever moves money.</summary>
    DecideMoney,

    /// <summary>Decks, switches, jobs.</summary>
    RunSystem,

    /// <summary>Who did what, staff and customers alike.</summary>
    SeeRecords,

    /// <summary>Who staff are, as what.</summary>
    ManageStaff,
}

/// <summary>Which role has which right: the whole table.</summary>
public static class Rights
{
    public static bool Has(this Role role, Right right) => role switch
    {
        Role.PrimaryAdmin => right
            is Right.SeeOwnAccount or Right.ManageBilling or Right.ManageTechnical or Right.ManageUsers,
        Role.Billing => right is Right.SeeOwnAccount or Right.ManageBilling,
        Role.Technical => right is Right.SeeOwnAccount or Right.ManageTechnical,
        Role.ReadOnly => right is Right.SeeOwnAccount,
        Role.Support => right is Right.SeeCustomers or Right.ServeCustomers,
        Role.Finance => right is Right.SeeCustomers or Right.ServeCustomers or Right.DecideMoney
            or Right.SeeRecords,
        Role.Engineer => right is Right.SeeCustomers or Right.RunSystem or Right.SeeRecords,
        Role.Owner => right is Right.SeeCustomers or Right.ServeCustomers or Right.DecideMoney or Right.RunSystem
            or Right.SeeRecords or Right.ManageStaff,
    };
}
