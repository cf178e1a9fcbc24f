using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>How far a draft has come. The numbers are stored: never renumber; the last two are closed.</summary>
public enum DraftState
{
    /// <summary>The file is there; what its columns hold is to be said.</summary>
    Uploaded = 1,

    /// <summary>Every line is being read and compared.</summary>
    Checking = 2,

    /// <summary>The file was refused: lines are wrong, or the file as a whole.</summary>
    Refused = 3,

    /// <summary>It differs from the version before as the draft says.</summary>
    Checked = 4,

    /// <summary>A second member of staff is to look at it, or it is just being activated.</summary>
    Asked = 5,
    Activated = 6,
    Cancelled = 7,
}

/// <summary>What whoever uploads a file says about it; never guessed from its lines.</summary>
/// <param name="Columns">What each column holds; null: not said yet.</param>
public sealed record DraftOptions(
    IReadOnlyList<DeckField>? Columns, bool MonthFirstDates, bool ZeroRates, int FirstSeconds, int NextSeconds)
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public static DraftOptions FromJson(string json) =>
        JsonSerializer.Deserialize<DraftOptions>(json, Format) ?? throw new JsonException("Options are an object.");

    public DeckCsvOptions Reading(DateTimeZone zone) => new()
    {
        Columns = Columns,
        MonthFirstDates = MonthFirstDates,
        ZeroRates = ZeroRates,
        FirstSeconds = FirstSeconds,
        NextSeconds = NextSeconds,
        Zone = zone,
    };
}

/// <summary>How many prefixes a draft changes, and how.</summary>
public sealed record DraftCounts(int Rows, int New, int Dearer, int Cheaper, int Removed, int Unchanged)
{
    public int Of(RateChangeKind kind) => kind switch
    {
        RateChangeKind.New => New,
        RateChangeKind.Dearer => Dearer,
        RateChangeKind.Cheaper => Cheaper,
        RateChangeKind.Removed => Removed,
    };

    public int Changed => New + Dearer + Cheaper + Removed;
}

/// <summary>What the calls of a span would have cost by a draft, before tax; micros.</summary>
/// <param name="Unrated">Calls that the draft has no rate for; they are in neither sum.</param>
public sealed record DraftEffect(
    Instant From, Instant Until, long Calls, long Unrated, long BeforeMicros, long AfterMicros);

/// <summary>A new version of a deck on its way.</summary>
/// <param name="Version">Of the draft itself: whoever saves says which one was seen.</param>
/// <param name="EffectiveFrom">Null: as soon as may be.</param>
/// <param name="BaseVersion">The deck's version that it was compared with; 0: it had none.</param>
/// <param name="ApprovedBy">Null: nobody yet; empty: nobody had to.</param>
/// <param name="Refused">Why the file, or its activation, was refused: the refusal's name.</param>
/// <param name="Told">How many customers were told of it; null until they are.</param>
public sealed record DeckDraft(
    long No, PublicId Id, int ProviderNo, int DeckNo, DraftState State, int Version, string FileName, string FileSha256,
    DraftOptions Options, Instant? EffectiveFrom, long ByUserNo, string By, Instant CreatedAt, int? BaseVersion,
    int BadLines, DraftCounts Counts, bool Raises, DraftEffect? Effect, long? AskedByUserNo, string? AskedBy,
    string? ApprovedBy, string OverrideReason, string Remark, string? Refused, int? DeckVersion, long? NoticeFileNo,
    int? Told)
{
    public bool IsOpen => State is not (DraftState.Activated or DraftState.Cancelled);

    /// <summary>Whether what its columns hold may be said, or said anew.</summary>
    public bool TakesColumns => State is DraftState.Uploaded or DraftState.Refused or DraftState.Checked;
}
