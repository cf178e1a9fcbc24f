using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tollkeeper.Providers;

/// <summary>
/// A provider's rules: one version of a dated document, never a constant in code (requirements 1.4).
/// Amounts are micros of the provider's currency, periods seconds, shares parts per million.
/// </summary>
public sealed record Policy
{
    public required CalendarRules Calendar { get; init; }
    public required WalletRules Wallets { get; init; }
    public required TaxRules Tax { get; init; }
    public required SuspendRules Suspend { get; init; }
    public required CallRules Calls { get; init; }
    public required LimitRules Limits { get; init; }
    public required AlertRules Alert { get; init; }
    public required FeeRules Fees { get; init; }
    public required DialRules Dialling { get; init; }
    public required AccountRules Accounts { get; init; }

    /// <summary>Documents of older releases do not say.</summary>
    public RateDeckRules RateDecks { get; init; } = new(NoticeDays: 7, SecondPersonApproves: false);

    /// <summary>Documents of older releases do not say.</summary>
    public RetentionRules Retention { get; init; } = new(SignUpDays: 30, MailDays: 730);

    /// <summary>Documents of older releases do not say.</summary>
    public ExemptionRules Exemptions { get; init; } = new(NumberNeedsReview: false);

    /// <summary>Documents of older releases do not say.</summary>
    public PaymentRules Payments { get; init; } = PolicyPresets.CardsAndPayPal;

    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        // While nodes are being updated, an older one may meet a rule that it does not know yet.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <exception cref="JsonException">The text is no policy document.</exception>
    public static Policy FromJson(string json) =>
        JsonSerializer.Deserialize<Policy>(json, Format) ?? throw new JsonException("A policy document is an object.");
}

/// <summary>C4: an IANA zone (<c>America/Toronto</c>) or a fixed offset (<c>UTC-05</c>).</summary>
public sealed record CalendarRules(string Zone);

/// <summary>C8: one wallet, or one for inbound and one for outbound.</summary>
public sealed record WalletRules(WalletPlan Plan);

public enum WalletPlan
{
    Main = 0,
    InboundAndOutbound = 1,
}

/// <summary>
/// C10: where the tax arises. With <see cref="TaxPoint.Usage"/> the tax named by <paramref name="UsageCode"/> is
/// taken inside each call.
/// </summary>
public sealed record TaxRules(TaxPoint Point, string? UsageCode, bool InternationalTaxed, bool IndeterminateTaxed);

public enum TaxPoint
{
    Deposit = 0,
    Usage = 1,
    Invoice = 2,
}

/// <summary>How an exemption from a province's tax comes into force (TAX-CA-04, C12); certificates are always reviewed.
/// </summary>
/// <param name="NumberNeedsReview">Staff look at a well-formed number too; else it counts at once.</param>
public sealed record ExemptionRules(bool NumberNeedsReview);

/// <summary>
/// C5: whether inbound calls end too when the balance is at its floor; outbound always do (R48, R49, R93).
/// </summary>
public sealed record SuspendRules(bool InboundAtFloor);

/// <summary>
/// Quotas and limits of one call (PRE-01 to PRE-03). A hold expires <paramref name="HoldGraceSeconds"/> after its grant
/// could end, where the callee is taken to answer within <paramref name="RingSeconds"/>.
/// </summary>
public sealed record CallRules(
    int QuotaSeconds, int RenewAtPartsPerMillion, int MaxCallSeconds, int RingSeconds, int HoldGraceSeconds);

/// <summary>C21: what the channel and CPS limits count.</summary>
public sealed record LimitRules(LimitScope Scope);

public enum LimitScope
{
    Switch = 0,
    Account = 1,
}

/// <summary>
/// C7: the low-balance threshold where neither customer nor package has one, and between what a customer may choose.
/// </summary>
public sealed record AlertRules(
    long LowBalanceMicros, long LeastMicros = AlertRules.UsualLeast, long MostMicros = AlertRules.UsualMost)
{
    const long UsualLeast = 1_000_000;
    const long UsualMost = 250_000_000;
}

/// <summary>
/// Fees beside the deck: one dip per attempt whose number was looked up (the switch sends the LRN), one per CNAM query.
/// </summary>
public sealed record FeeRules(long LrnDipMicros, long CnamMicros);

/// <summary>
/// How long before it takes effect customers are told of a price that rises, and whether a second member of staff looks
/// at a deck before it is activated.
/// </summary>
public sealed record RateDeckRules(int NoticeDays, bool SecondPersonApproves);

/// <summary>How long what is known of people is kept without another reason; days.</summary>
/// <param name="SignUpDays">Of sign-ups that nobody confirmed or that were declined.</param>
/// <param name="MailDays">The words of mails; that one was sent, to whom and when stays.</param>
public sealed record RetentionRules(int SignUpDays, int MailDays);
