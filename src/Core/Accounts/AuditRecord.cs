namespace Tollkeeper.Accounts;

/// <summary>What is put on record, by its stable name; stored as text, so that an older release can read a newer one's.
/// </summary>
public enum Act
{
    SignedIn,
    SignInFailed,
    SignInLocked,
    SecondStepFailed,
    SignedOut,
    OtherProvidersSession,
    ForeignIdAsked,
    UserCreated,
    UserLocked,
    UserUnlocked,
    EmailConfirmed,
    ResetAsked,
    PasswordReset,
    PasswordChanged,
    TwoStepOn,
    TwoStepOff,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    JobStarted,
    DeckUploaded,
    DeckCancelled,
    DeckAsked,
    DeckApproved,
    DeckReturned,
    DeckActivated,
    AlertSet,
    NotificationsChosen,
    MailTriedAgain,
    PackageAlertSet,
    ProfileChanged,
    NoteWritten,
    Suspended,
    SuspensionCleared,
    AccountClosed,
    AccountOpened,
    SignUpAsked,
    SignUpConfirmed,
    Proposed,
    Approved,
    Declined,
    CreditLimitSet,
    ActingStarted,
    ActingPage,
    ActingEnded,
    NetworkSet,
    KeyMade,
    KeyRevoked,
    UserInvitedAgain,
    UserChanged,
    UserRemoved,
    PrimaryAdminHandedOver,
    SessionEnded,
    SessionsEnded,
    EmailChangeAsked,
    EmailChangeConfirmed,
    EmailChanged,
    TaxRegistrationSaved,
    DepositStarted,
    DepositVoided,
    GatewayChanged,
    CardStored,
    CardRemoved,
    AutomaticBillingSaved,
    RefundAsked,
    DifferenceSeen,
    ExemptionAsked,
    ExemptionGranted,
    ExemptionRejected,
    ExemptionRevoked,
    ExemptionWithdrawn,
    TaxRatesAdded,
    ExchangeRateSaved,
    BalanceAdjusted,
    MovedBetweenWallets,
    OfflinePaymentPosted,
    PaymentInstructionsSaved,
}

/// <summary>Something worth knowing later about who did what; never changed. It holds no password, code or link.
/// </summary>
/// <param name="Subject">What it was done to or asked for, such as an id or an e-mail address.</param>
/// <param name="Details">A few words more, for people.</param>
/// <param name="Address">Of the client; empty for commands.</param>
public sealed record AuditRecord(
    Act Act, int? ProviderNo, long? UserNo, long? AccountNo, string Subject = "", string Details = "",
    string Address = "")
{
    /// <summary>What stood there before, for people; empty where nothing did or nothing changed.</summary>
    public string Before { get; init; } = "";

    /// <summary>What stands there since.</summary>
    public string After { get; init; } = "";

    static readonly Dictionary<Act, string> Names = Enum.GetValues<Act>().ToDictionary(act => act, Snake);

    static readonly Dictionary<string, Act> Acts = Names.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Of something that somebody did to a user.</summary>
    public static AuditRecord OfUser(Act act, User user, Actor by) =>
        new(act, user.ProviderNo, by.UserNo, user.AccountNo, user.Email.Text, by.Name, by.Address);

    /// <summary>The act in snake_case: <c>signed_in</c>.</summary>
    public string Name => NameOf(Act);

    public static string NameOf(Act act) => Names[act];

    /// <summary>Null for the name of an act that this release does not know.</summary>
    public static Act? ActOf(string name) => Acts.TryGetValue(name, out var act) ? act : null;

    static string Snake(Act act) => string.Concat($"{act}".Select((c, i) =>
        char.IsUpper(c) ? $"{(i == 0 ? "" : "_")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
