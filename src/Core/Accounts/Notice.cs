using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tollkeeper.Accounts;

/// <summary>
/// Something that people are to be told: written by an operation in the transaction of what it reports. To whom, in
/// which words and how it gets there is decided later (<c>Core/Notifications</c>).
/// </summary>
/// <param name="AccountNo">Whose people are told; with a user too, the user's own account.</param>
/// <param name="UserNo">The one user who is told; null: the people of the account.</param>
/// <param name="FileNo">A file that goes with the mails (<c>NoticeStore.InsertFile</c>).</param>
/// <param name="OnceKey">A second notice of the same key is none; null: each is one.</param>
public sealed record Notice(
    int ProviderNo, long? AccountNo, long? UserNo, NoticeData Data, long? FileNo = null, string? OnceKey = null)
{
    public NoticeKind Kind => Data.Kind;

    public static Notice ToUser(User user, NoticeData data, string? onceKey = null) =>
        new(user.ProviderNo, user.AccountNo, user.No, data, null, onceKey);

    /// <summary>To somebody who is nobody's user yet.</summary>
    public static Notice ToStranger(int providerNo, StrangerNotice data) => new(providerNo, null, null, data);

    public static Notice ToAccount(
        int providerNo, long accountNo, NoticeData data, long? fileNo = null, string? onceKey = null) =>
        new(providerNo, accountNo, null, data, fileNo, onceKey);
}

/// <summary>
/// What the mail says beside its fixed words; kept as JSON, so older ones must stay readable. Amounts are micros,
/// instants microseconds since 1970.
/// </summary>
public abstract record NoticeData
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    [JsonIgnore]
    public abstract NoticeKind Kind { get; }

    /// <summary>A user who asked for what it answers, and hears of it whatever the boxes say; null: nobody did.
    /// </summary>
    [JsonIgnore]
    public virtual long? Asker => null;

    public string ToJson() => JsonSerializer.Serialize(this, GetType(), Format);

    public static NoticeData Read(NoticeKind kind, string json) => kind switch
    {
        NoticeKind.Invitation or NoticeKind.ConfirmEmail or NoticeKind.ResetPassword or NoticeKind.PasswordChanged
            or NoticeKind.TwoStepOn or NoticeKind.TwoStepOff or NoticeKind.PasskeyAdded or NoticeKind.PasskeyRemoved
            or NoticeKind.RecoveryCodeUsed or NoticeKind.Welcome => Of<SignInNotice>(json) with { What = kind },
        NoticeKind.SignUp or NoticeKind.AlreadyCustomer or NoticeKind.SignUpDeclined =>
            Of<StrangerNotice>(json) with { What = kind },
        NoticeKind.LeaveEmail or NoticeKind.TakeEmail or NoticeKind.EmailChanged =>
            Of<EmailChangeNotice>(json) with { What = kind },
        NoticeKind.PrimaryAdminChanged => Of<PrimaryAdminNotice>(json),
        NoticeKind.NewPlace => Of<NewPlaceNotice>(json),
        NoticeKind.LowBalance => Of<LowBalanceNotice>(json),
        NoticeKind.FundsGone => Of<FundsGoneNotice>(json),
        NoticeKind.FundsBack => Of<FundsBackNotice>(json),
        NoticeKind.Suspended => Of<SuspendedNotice>(json),
        NoticeKind.Returned => Of<ReturnedNotice>(json),
        NoticeKind.RatesChange => Of<RatesChangeNotice>(json),
        NoticeKind.CreditDecided => Of<CreditDecidedNotice>(json),
        NoticeKind.DepositInvoice or NoticeKind.DepositCredited or NoticeKind.AutomaticWaits
            or NoticeKind.AutomaticDeclined or NoticeKind.AutomaticOff or NoticeKind.CardExpires
            or NoticeKind.Refunded or NoticeKind.DisputeOpened or NoticeKind.DisputeClosed =>
            Of<PaymentNotice>(json) with { What = kind },
        NoticeKind.ExemptionDecided => Of<ExemptionDecidedNotice>(json),
        NoticeKind.Adjusted => Of<AdjustedNotice>(json),
    };

    static T Of<T>(string json)
        where T : NoticeData =>
        JsonSerializer.Deserialize<T>(json, Format) ?? throw new JsonException("A notice's data is an object.");
}

/// <summary>About the own sign-in; the kind says all.</summary>
/// <param name="Language">Of the page where it was asked for, for a user who has chosen none.</param>
public sealed record SignInNotice(Language? Language) : NoticeData
{
    /// <summary>The kind, which is stored beside the data.</summary>
    [JsonIgnore]
    public NoticeKind What { get; init; }

    public override NoticeKind Kind => What;
}

/// <summary>To an address that nobody has signed in with; the kind says the rest.</summary>
/// <param name="SignUp">The id of what was filled in.</param>
public sealed record StrangerNotice(string Address, Language Language, string SignUp) : NoticeData
{
    /// <summary>The kind, which is stored beside the data.</summary>
    [JsonIgnore]
    public NoticeKind What { get; init; }

    public override NoticeKind Kind => What;
}

/// <summary>A user wants to sign in with another address, or does since.</summary>
/// <param name="Change">The id of the wish.</param>
/// <param name="Language">Of the page where it was asked for, for a user who has chosen none.</param>
public sealed record EmailChangeNotice(string Change, string Former, string Wished, Language Language) : NoticeData
{
    /// <summary>The kind, which is stored beside the data.</summary>
    [JsonIgnore]
    public NoticeKind What { get; init; }

    public override NoticeKind Kind => What;

    /// <summary>Where it is sent.</summary>
    [JsonIgnore]
    public string Address => What == NoticeKind.TakeEmail ? Wished : Former;
}

/// <summary>R73: an account has another primary admin. All are e-mail addresses or names.</summary>
public sealed record PrimaryAdminNotice(string Former, string Next, string By, long AtMicros) : NoticeData
{
    public override NoticeKind Kind => NoticeKind.PrimaryAdminChanged;
}

/// <summary>Somebody signed in from where the user was not seen in ninety days.</summary>
/// <param name="How">What the user proved itself with: "password", "passkey".</param>
public sealed record NewPlaceNotice(string Address, string How, long AtMicros) : NoticeData
{
    public override NoticeKind Kind => NoticeKind.NewPlace;
}

/// <summary>R82, R91: the balance reached the alert's threshold; both are stated.</summary>
/// <param name="Wallet">See <c>WalletName</c>.</param>
public sealed record LowBalanceNotice(
    string Wallet, string Currency, long BalanceMicros, long ThresholdMicros, long AtMicros) : NoticeData
{
    public override NoticeKind Kind => NoticeKind.LowBalance;
}

/// <summary>R48, R93: nothing more can be spent, 0 for prepaid, the credit limit for postpaid.</summary>
/// <param name="FloorMicros">0, or minus the credit limit.</param>
public sealed record FundsGoneNotice(
    string Wallet, string Currency, long BalanceMicros, long FloorMicros, Directions Stopped, long AtMicros)
    : NoticeData
{
    public override NoticeKind Kind => NoticeKind.FundsGone;
}

public sealed record FundsBackNotice(string Wallet, string Currency, long BalanceMicros, long AtMicros)
    : NoticeData
{
    public override NoticeKind Kind => NoticeKind.FundsBack;
}

/// <param name="Reason">The reason's word, such as <c>violation</c>.</param>
/// <param name="Stopped">All that is now barred.</param>
public sealed record SuspendedNotice(string Reason, Directions Stopped, long AtMicros) : NoticeData
{
    public override NoticeKind Kind => NoticeKind.Suspended;
}

/// <param name="Reason">The reason that stands no more.</param>
/// <param name="StillStopped">What other reasons still bar.</param>
public sealed record ReturnedNotice(string Reason, Directions StillStopped, long AtMicros) : NoticeData
{
    public override NoticeKind Kind => NoticeKind.Returned;
}

/// <summary>Money that comes, does not come or goes back; the kind says which.</summary>
/// <param name="Deposit">Its document's id; empty where it is about none.</param>
/// <param name="BaseMicros">What the balance grows by.</param>
/// <param name="TotalMicros">What is paid, tax included.</param>
/// <param name="Card">Brand and last digits; empty where it is about no card.</param>
/// <param name="Why">A word of the gateway's or of ours; empty where there is nothing to say.</param>
/// <param name="NextAtMicros">When it is tried again; null: it is not.</param>
public sealed record PaymentNotice(
    string Deposit, string Currency, long BaseMicros, long TotalMicros, string Card, string Why, long? NextAtMicros,
    long AtMicros) : NoticeData
{
    /// <summary>The kind, which is stored beside the data.</summary>
    [JsonIgnore]
    public NoticeKind What { get; init; }

    public override NoticeKind Kind => What;
}

/// <summary>R54, R59, R60: a credit limit with its term, or the answer that there will be none.</summary>
/// <param name="LimitMicros">In force now; null: it was declined.</param>
/// <param name="TermDays">Null where it does not change.</param>
/// <param name="UntilMicros">The limit ends then; null: it stays.</param>
/// <param name="Applicant">The user who applied; null: nobody did.</param>
public sealed record CreditDecidedNotice(
    string Currency, long? LimitMicros, int? TermDays, long? UntilMicros, long AtMicros, long? Applicant)
    : NoticeData
{
    public override NoticeKind Kind => NoticeKind.CreditDecided;

    public override long? Asker => Applicant;
}

/// <summary>R45: what became of an exemption from a province's tax.</summary>
/// <param name="Place">The province, as <c>CA-BC</c>.</param>
/// <param name="From">The first day, ISO 8601; null where none was granted.</param>
/// <param name="To">The last day; null for no end. Of a revoked one: the last day on which it counted.</param>
/// <param name="Remark">What staff gave as the reason; may be empty.</param>
/// <param name="AskedBy">The user who asked for it; null: nobody did.</param>
public sealed record ExemptionDecidedNotice(
    string Place, ExemptionOutcome Outcome, string? From, string? To, string Remark, long AtMicros, long? AskedBy)
    : NoticeData
{
    public override NoticeKind Kind => NoticeKind.ExemptionDecided;

    public override long? Asker => AskedBy;
}

/// <summary>The numbers are stored: never renumber.</summary>
public enum ExemptionOutcome
{
    Granted = 1,
    Rejected = 2,
    Revoked = 3,
}

/// <summary>Money that staff put on a balance, or took off it, without a deposit.</summary>
/// <param name="Wallet">See <c>WalletName</c>.</param>
/// <param name="AmountMicros">Above 0: it was put there.</param>
/// <param name="BalanceMicros">Right after it.</param>
/// <param name="Reason">As staff wrote it.</param>
public sealed record AdjustedNotice(
    string Wallet, string Currency, long AmountMicros, long BalanceMicros, string Reason, long AtMicros) : NoticeData
{
    public override NoticeKind Kind => NoticeKind.Adjusted;
}

/// <summary>
/// R65, R66: the deck that an account is charged by changes. Lists what this customer called lately and pays another
/// price for; the whole deck is the notice's file.
/// </summary>
/// <param name="EffectiveFromMicros">When the first of it takes effect.</param>
/// <param name="Moves">The destinations, those with most minutes first; at most <see cref="MostMoves"/>.</param>
/// <param name="MoreMoves">How many of the customer's destinations change beside those.</param>
/// <param name="TotalMoves">How many destinations of the whole deck change.</param>
public sealed record RatesChangeNotice(
    string Deck, string Currency, long EffectiveFromMicros, IReadOnlyList<RateMove> Moves, int MoreMoves,
    int TotalMoves) : NoticeData
{
    public const int MostMoves = 50;

    public override NoticeKind Kind => NoticeKind.RatesChange;
}

/// <summary>One destination's price per minute, in 10⁻⁸ of the currency: dearer or cheaper.</summary>
/// <param name="FromE8">Null: it could not be called before.</param>
/// <param name="ToE8">Null: it cannot be called any more.</param>
/// <param name="EffectiveFromMicros">Of this one: a decrease may come at once, an increase after notice.</param>
public sealed record RateMove(
    string Destination, string Prefix, long? FromE8, long? ToE8, long EffectiveFromMicros);
