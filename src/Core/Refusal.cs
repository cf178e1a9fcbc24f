namespace Tollkeeper;

/// <summary>
/// Every expected "no", in order of precedence: where two apply, the one nearer the top is given.
/// Its facts (stable name, status, SIP code, sentences) stand in <c>Refusals</c>.
/// </summary>
public enum Refusal
{
    // Who asks, and whether the question can be read.
    UnknownKey,
    KeyNotForThis,
    UnknownProvider,
    TooLarge,
    MalformedJson,
    MissingField,
    BadText,
    BadSwitch,
    BadCallId,
    BadDirection,
    BadDisposition,
    BadSeconds,
    BadInstant,
    BadAmount,
    CurrencyMismatch,
    EndBeforeStart,
    BadSearch,
    BadDate,
    BadDateRange,
    TooManyCalls,

    // Whether Tollkeeper can answer now.
    Busy,
    ClockSkewed,
    DatabaseAway,

    // Whether it was asked before.
    RepeatedDifferently,
    CallInProgress,
    CallEnded,
    EndedBeforeAuthorize,

    // The order of checks of a call: status, CPS, channels, number, rate, funds (PRE-05).
    UnknownAccount,
    UnknownCall,
    AccountClosed,
    AccountSuspended,
    InsufficientFundsStatus,
    CpsExceeded,
    ChannelsExceeded,
    BadNumber,
    NoRate,
    DestinationBlocked,
    TaxRateMissing,
    PriceMissing,
    CallTooLong,
    InsufficientFunds,

    // People who sign in.
    NotSignedIn,
    TooManyTries,
    SignInLocked,
    SignInFailed,
    PasskeyRefused,
    TooManyPasskeys,
    CodeWrong,
    EmailNotConfirmed,
    UserBarred,
    LinkSpent,
    PasswordWrong,
    PasswordTooShort,
    PasswordGuessable,
    PasswordsDiffer,
    BadEmail,
    UnknownUser,
    BadRole,
    LastPrimaryAdmin,
    ChangedMeanwhile,
    FormSent,

    // Pages.
    PageNotFound,
    FormExpired,
    PageBroken,

    // Files, decks, policies, operators.
    UnknownDeck,
    FileUnreadable,
    FileNotUtf8,
    FileTooLarge,
    DeckEmpty,
    DeckColumnMissing,
    DeckColumnTwice,
    DeckBadPrefix,
    DeckBadRate,
    DeckZeroRate,
    DeckBadIncrement,
    DeckBadDate,
    DeckOverlap,
    DeckTooSoon,
    PolicyInvalid,
    PolicyTooSoon,
    BadColour,
    BadLogo,
    AlreadyExists,
    UnknownEntry,
    AlreadyReversed,
    NothingToReverse,
    SchemaNewer,
    SchemaOlder,
    SchemaDiffers,
    KeyFileDiffers,
    SettingInvalid,
    DatabaseNotEmpty,
    BooksDamaged,

    // Jobs.
    UnknownJob,
    JobRunning,

    // Decks on their way.
    UnknownDraft,
    DraftOpen,
    DeckNoticeShort,
    SecondPersonNeeded,
}
