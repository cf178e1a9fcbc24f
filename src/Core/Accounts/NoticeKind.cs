namespace Tollkeeper.Accounts;

/// <summary>What people are told by mail. The numbers are stored: never renumber.</summary>
public enum NoticeKind
{
    // To one user, about the own sign-in; no check box turns these off.
    Invitation = 1,
    ConfirmEmail = 2,
    ResetPassword = 3,
    PasswordChanged = 4,
    TwoStepOn = 5,
    TwoStepOff = 6,
    PasskeyAdded = 7,
    PasskeyRemoved = 8,
    RecoveryCodeUsed = 9,
    NewPlace = 10,

    // To whoever signs up.
    SignUp = 11,

    /// <summary>The address has a user already.</summary>
    AlreadyCustomer = 12,
    SignUpDeclined = 13,

    /// <summary>The account is open.</summary>
    Welcome = 14,

    // To one user, at the one or the other address.
    LeaveEmail = 15,
    TakeEmail = 16,

    /// <summary>To the address that was left.</summary>
    EmailChanged = 17,

    /// <summary>To both of whom one handed the account over to the other (R73).</summary>
    PrimaryAdminChanged = 18,

    // To the people of an account.
    LowBalance = 20,

    /// <summary>The balance reached the floor: off by money (R48, R93).</summary>
    FundsGone = 21,

    /// <summary>It rose above the floor again.</summary>
    FundsBack = 22,

    /// <summary>A reason that suspends was added by hand (R50).</summary>
    Suspended = 23,

    /// <summary>Such a reason was taken away.</summary>
    Returned = 24,

    /// <summary>A rate deck changes at a date (R65, R66).</summary>
    RatesChange = 25,

    /// <summary>A limit came into force, or was declined (R54).</summary>
    CreditDecided = 26,

    // About money that comes, to the people of an account.

    /// <summary>The document of a deposit, to be paid by its link (R77).</summary>
    DepositInvoice = 30,

    /// <summary>The money is in the balance.</summary>
    DepositCredited = 31,

    /// <summary>Automatic billing waits for the next billing day (R15).</summary>
    AutomaticWaits = 32,

    /// <summary>The bank refused a charge (R17).</summary>
    AutomaticDeclined = 33,

    /// <summary>Automatic billing turned itself off (PAY-04, PAY-05).</summary>
    AutomaticOff = 34,
    CardExpires = 35,
    Refunded = 36,
    DisputeOpened = 37,
    DisputeClosed = 38,

    /// <summary>Staff granted, rejected or revoked an exemption from a tax (R45).</summary>
    ExemptionDecided = 40,

    /// <summary>Staff put money on a balance or took some off, with a reason.</summary>
    Adjusted = 50,
}

/// <summary>What of <see cref="NoticeKind"/> follows from the kind alone.</summary>
public static class NoticeKinds
{
    /// <summary>
    /// What the mail's link opens, where it has one: the token is made when the mail is handed over, and kept nowhere.
    /// </summary>
    public static LinkPurpose? LinkOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Invitation => LinkPurpose.Invitation,
        NoticeKind.ConfirmEmail => LinkPurpose.ConfirmEmail,
        NoticeKind.ResetPassword => LinkPurpose.ResetPassword,
        NoticeKind.SignUp => LinkPurpose.SignUp,
        NoticeKind.LeaveEmail => LinkPurpose.LeaveEmail,
        NoticeKind.TakeEmail => LinkPurpose.TakeEmail,
        NoticeKind.PasswordChanged or NoticeKind.TwoStepOn or NoticeKind.TwoStepOff or NoticeKind.PasskeyAdded
            or NoticeKind.PasskeyRemoved or NoticeKind.RecoveryCodeUsed or NoticeKind.NewPlace
            or NoticeKind.LowBalance or NoticeKind.FundsGone or NoticeKind.FundsBack or NoticeKind.Suspended
            or NoticeKind.Returned or NoticeKind.RatesChange or NoticeKind.AlreadyCustomer
            or NoticeKind.SignUpDeclined or NoticeKind.Welcome or NoticeKind.EmailChanged
            or NoticeKind.PrimaryAdminChanged or NoticeKind.CreditDecided or NoticeKind.DepositInvoice
            or NoticeKind.DepositCredited or NoticeKind.AutomaticWaits or NoticeKind.AutomaticDeclined
            or NoticeKind.AutomaticOff or NoticeKind.CardExpires or NoticeKind.Refunded or NoticeKind.DisputeOpened
            or NoticeKind.DisputeClosed or NoticeKind.ExemptionDecided or NoticeKind.Adjusted => null,
    };

    public static NoticeKind Of(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmEmail => NoticeKind.ConfirmEmail,
        LinkPurpose.ResetPassword => NoticeKind.ResetPassword,
        LinkPurpose.Invitation => NoticeKind.Invitation,
        LinkPurpose.SignUp => NoticeKind.SignUp,
        LinkPurpose.LeaveEmail => NoticeKind.LeaveEmail,
        LinkPurpose.TakeEmail => NoticeKind.TakeEmail,
    };
}
