using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>A provider's rate deck: a name and a currency for good; its prices are its dated versions.</summary>
public sealed record Deck(int No, PublicId Id, int ProviderNo, string Name, Currency Currency);

/// <summary>One dated version of a deck, counted from 1; its rows are never changed.</summary>
public sealed record DeckVersion(int DeckNo, int Version, Instant EffectiveFrom, Rounding Rounding, int RowCount)
{
    public static DeckVersion? InForce(IReadOnlyList<DeckVersion> versions, Instant at) =>
        EffectiveDates.InForce(versions, static v => (v.EffectiveFrom, v.Version), at);
}
