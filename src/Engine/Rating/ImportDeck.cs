using System.Data.Common;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>A new version of a deck, with all its rates as they were read from a file.</summary>
/// <param name="EffectiveFrom">Null: as soon as may be. A deck's first version may begin at any time, also in the
/// past.</param>
/// <param name="SourceSha256">Of the file, lower-case hexadecimal: says later which file it was.</param>
public sealed record DeckImport(
    int DeckNo, Rounding Rounding, bool ZeroRates, Instant? EffectiveFrom, IReadOnlyList<Rate> Rates,
    string SourceSha256, string By);

/// <summary>What belongs to a version's being shown.</summary>
public delegate Task<Refused?> ShowDeck(DbConnection connection, DbTransaction transaction, DeckVersion version);

/// <summary>
/// Takes all rates of a file as the deck's next version, or none. Rows are written where nobody sees them, a little at
/// a time so that calls go on, and one update shows them. Refusals: <see cref="Refusal.UnknownDeck"/>,
/// <see cref="Refusal.DeckEmpty"/>, <see cref="Refusal.DeckZeroRate"/>, <see cref="Refusal.DeckTooSoon"/>.
/// </summary>
/// <param name="alone">Nobody else uses the database yet: rows are written without making room for calls.</param>
public sealed class ImportDeck(Database database, IClock clock, bool alone = false)
{
    /// <summary>An import that has not ended after so long is dead; the next one clears up after it.</summary>
    static readonly Duration AbandonedAfter = Duration.FromHours(6);

    /// <param name="onRows">Told now and then how many rows are written, for a progress bar.</param>
    /// <param name="beforeShown">Done in the transaction that shows the version; what it refuses is not shown.</param>
    public async Task<Result<DeckVersion>> Run(DeckImport import, Action<int>? onRows = null,
        ShowDeck? beforeShown = null, CancellationToken ct = default)
    {
        if (import.Rates.Count == 0) return Refusal.DeckEmpty;
        if (!import.ZeroRates && import.Rates.Any(IsFree))
            return new Refused(Refusal.DeckZeroRate, import.Rates.First(IsFree).Prefix);
        var begun = await Begin(import, ct);
        if (begun.Refused is { } refused) return refused;
        var version = begun.Value;
        var shown = false;
        try
        {
            await RateStore.Write(database, import.DeckNo, version, import.Rates, onRows, alone, ct);
            var complete = await Show(import, version, beforeShown, ct);
            shown = complete.Accepted;
            return complete;
        }
        finally
        {
            if (!shown) await RateStore.Remove(database, import.DeckNo, version, CancellationToken.None);
        }
    }

    static bool IsFree(Rate rate) => rate.PerMinute.E8 == 0 && !rate.Blocked
        && rate is { Interstate: null, Intrastate: null };

    async Task<Result<int>> Begin(DeckImport import, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        IReadOnlyList<int> abandoned = [];
        var begun = await database.InTransaction<int>(
            async (connection, transaction) =>
            {
                var deck = await DeckStore.Find(connection, transaction, import.DeckNo);
                if (deck.Refused is { } unknown) return unknown;
                var first = !await DeckStore.HasCompleteVersion(connection, transaction, import.DeckNo);
                var dated = EffectiveFrom(import, first, now);
                if (dated.Refused is { } tooSoon) return tooSoon;
                abandoned = await DeckStore.Abandoned(connection, transaction, import.DeckNo, now - AbandonedAfter);
                return await DeckStore.Begin(connection, transaction, import, import.DeckNo, now);
            },
            ct);
        foreach (var version in abandoned) await RateStore.Remove(database, import.DeckNo, version, ct);
        return begun;
    }

    /// <summary>Its date is judged again: writing may have taken longer than the notice.</summary>
    Task<Result<DeckVersion>> Show(DeckImport import, int version, ShowDeck? beforeShown, CancellationToken ct) =>
        database.InTransaction<DeckVersion>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant().CutToMicros();
                var first = !await DeckStore.HasCompleteVersion(connection, transaction, import.DeckNo);
                var from = EffectiveFrom(import, first, now);
                if (from.Refused is { } tooSoon) return tooSoon;
                var shown = new DeckVersion(
                    import.DeckNo, version, from.Value, import.Rounding, import.Rates.Count);
                if (beforeShown is not null && await beforeShown(connection, transaction, shown) is { } no) return no;
                await DeckStore.Complete(connection, transaction, import.DeckNo, version, from.Value, now);
                await RevisionStore.Raise(connection, transaction, Watched.Deck);
                return shown;
            },
            ct);

    static Result<Instant> EffectiveFrom(DeckImport import, bool first, Instant now)
    {
        var from = import.EffectiveFrom?.CutToMicros() ?? (first ? now : now + EffectiveDates.Notice);
        return first || !EffectiveDates.TooSoon(now, from) ? from : Refusal.DeckTooSoon;
    }
}
