using Tollkeeper.Accounts;

namespace Tollkeeper.Notifications;

/// <summary>The check boxes of a user (R72): what mails about the account the user gets; a set, stored as a number.
/// </summary>
[Flags]
public enum NoticeTopics
{
    None = 0,

    /// <summary>The balance is low, is gone, is back.</summary>
    Balance = 1,

    /// <summary>The account was suspended by hand, or is On again.</summary>
    Status = 2,

    /// <summary>Rates change.</summary>
    Rates = 4,
    All = Balance | Status | Rates,
}

/// <summary>Which check box a kind of notice goes by.</summary>
public static class NoticeTopicOf
{
    /// <summary>None for what goes to one user about the own sign-in: no box turns that off.</summary>
    public static NoticeTopics Kind(NoticeKind kind) => kind switch
    {
        NoticeKind.LowBalance or NoticeKind.FundsGone or NoticeKind.FundsBack or NoticeKind.CreditDecided
            or NoticeKind.DepositInvoice or NoticeKind.DepositCredited or NoticeKind.AutomaticWaits
            or NoticeKind.AutomaticDeclined or NoticeKind.AutomaticOff or NoticeKind.CardExpires
            or NoticeKind.Refunded or NoticeKind.DisputeOpened or NoticeKind.DisputeClosed
            or NoticeKind.ExemptionDecided or NoticeKind.Adjusted => NoticeTopics.Balance,
        NoticeKind.Suspended or NoticeKind.Returned => NoticeTopics.Status,
        NoticeKind.RatesChange => NoticeTopics.Rates,
        NoticeKind.Invitation or NoticeKind.ConfirmEmail or NoticeKind.ResetPassword or NoticeKind.PasswordChanged
            or NoticeKind.TwoStepOn or NoticeKind.TwoStepOff or NoticeKind.PasskeyAdded or NoticeKind.PasskeyRemoved
            or NoticeKind.RecoveryCodeUsed or NoticeKind.NewPlace or NoticeKind.SignUp or NoticeKind.AlreadyCustomer
            or NoticeKind.SignUpDeclined or NoticeKind.Welcome or NoticeKind.LeaveEmail or NoticeKind.TakeEmail
            or NoticeKind.EmailChanged or NoticeKind.PrimaryAdminChanged => NoticeTopics.None,
    };

    /// <summary>What somebody gets who has said nothing.</summary>
    public static NoticeTopics Unsaid(Role role) => role switch
    {
        Role.PrimaryAdmin or Role.Billing => NoticeTopics.All,
        Role.Technical => NoticeTopics.Status | NoticeTopics.Rates,
        Role.ReadOnly or Role.Support or Role.Finance or Role.Engineer or Role.Owner => NoticeTopics.None,
    };

    /// <summary>
    /// Whether the billing e-mail and its distribution list get it (R65): decks, and all that concerns money. Why an
    /// account was suspended by hand is between the provider and the account's own users.
    /// </summary>
    public static bool ConcernsBilling(NoticeTopics topic) =>
        (topic & (NoticeTopics.Balance | NoticeTopics.Rates)) != NoticeTopics.None;
}
