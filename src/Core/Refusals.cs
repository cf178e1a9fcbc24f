using System.Collections.Frozen;

namespace Tollkeeper;

/// <summary>
/// What the world is told about a refusal: its stable name, the HTTP status, the SIP code for the switch, and one
/// sentence in each language, shaped "what is the matter; what to do". A detail is appended by whoever writes the
/// answer.
/// </summary>
public sealed record RefusalFacts(
    Refusal Refusal, string Name, int Status, int Sip, string English, string French, string Spanish)
{
    /// <summary>True when the very same request may succeed a little later: the answer carries Retry-After.</summary>
    public bool MayBeRepeated => Status is 429 or 503;

    /// <summary>The sentence in the language of a tag such as <c>fr</c> or <c>fr-CA</c>; English for others.</summary>
    public string In(string? languageTag) => languageTag?.Split('-')[0].ToLowerInvariant() switch
    {
        "fr" => French,
        "es" => Spanish,
        _ => English,
    };
}

/// <summary>The one table of refusals; <c>docs/refusals.md</c> lists the same.</summary>
public static partial class Refusals
{
    /// <summary>In order of precedence, as the enum has them.</summary>
    public static IReadOnlyList<RefusalFacts> All { get; } =
        [.. OfQuestions, .. OfCalls, .. OfPeople, .. OfPages, .. OfOperators, .. OfJobs, .. OfDrafts,
            .. OfPayments, .. OfDeposits, .. OfGateways, .. OfOfflinePayments, .. OfTaxes, .. OfTaxTables];

    static readonly FrozenDictionary<Refusal, RefusalFacts> ByRefusal = All.ToFrozenDictionary(facts => facts.Refusal);

    static readonly FrozenDictionary<string, RefusalFacts> ByName =
        All.ToFrozenDictionary(facts => facts.Name, StringComparer.Ordinal);

    public static RefusalFacts Of(Refusal refusal) => ByRefusal[refusal];

    /// <summary>The refusal of a stable name, or null: for programs that read what an API answered.</summary>
    public static RefusalFacts? Named(string name) => ByName.GetValueOrDefault(name);
}
