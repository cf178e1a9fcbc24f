using System.Data.Common;
using NodaTime;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// Reads every line of a draft's file, and compares it with the version that it would follow. A bad line refuses the
/// whole file; nothing of it is taken.
/// </summary>
public sealed class CheckDraft(Database database, IClock clock)
{
    public const string EffectJob = "deck-effect";

    /// <param name="zone">Where the midnight lies that a bare date in the file means.</param>
    public async Task<JobDone> Run(int providerNo, string id, DateTimeZone zone, CancellationToken ct)
    {
        var (draft, file) = await Load(providerNo, id, ct);
        if (draft.State != DraftState.Checking) return JobDone.Of("changed meanwhile");
        var reading = DeckFile.Read(DraftFile.Open(file), draft.Options.Reading(zone));
        if (!reading.Accepted)
        {
            await Refuse(draft, reading.Bad, ct);
            return JobDone.Of($"{reading.Bad.Kept.Count + reading.Bad.More} bad lines");
        }
        var (newest, before, at) = await Base(draft, ct);
        var after = RateDeck.Build(draft.DeckNo, newest + 1, Currency.Usd, Rounding.Micros, reading.Rates);
        var difference = DeckDifference.Of(before, after, at);
        var changes = difference.Changes
            .OrderBy(change => change.Kind).ThenBy(change => change.Prefix, StringComparer.Ordinal).ToList();
        await DraftLinesStore.ReplaceChanges(database, draft.No, changes, ct);
        var counts = Counts(difference, reading.Rates.Count);
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await DraftLinesStore.ReplaceBad(connection, transaction, draft.No, reading.Bad);
                var saved = await DeckDraftStore.SaveCheck(
                    connection, transaction, draft, DraftState.Checked, newest, 0, counts, difference.Raises, null);
                if (saved && before is not null)
                {
                    await JobStore.Ask(
                        connection, transaction, EffectJob, providerNo, $"{id} {draft.Version}", id,
                        clock.GetCurrentInstant());
                }
                // A version that is not in force yet has priced no call: there is no effect to wait for.
                if (saved && before is null && newest > 0)
                {
                    var now = clock.GetCurrentInstant().CutToMicros();
                    await DeckDraftStore.SaveEffect(
                        connection, transaction, draft.No, new DraftEffect(now, now, 0, 0, 0, 0));
                }
                return saved;
            },
            ct);
        return JobDone.Of($"{counts.Rows} rates, {counts.Changed} changes");
    }

    static DraftCounts Counts(DeckDifference difference, int rows)
    {
        var byKind = difference.Changes.CountBy(change => change.Kind).ToDictionary();
        return new DraftCounts(
            rows, byKind.GetValueOrDefault(RateChangeKind.New), byKind.GetValueOrDefault(RateChangeKind.Dearer),
            byKind.GetValueOrDefault(RateChangeKind.Cheaper), byKind.GetValueOrDefault(RateChangeKind.Removed),
            difference.Unchanged);
    }

    async Task<(DeckDraft Draft, byte[] File)> Load(int providerNo, string id, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var draft = (await DeckDraftStore.Find(connection, providerNo, id)).Value;
        return (draft, await DeckDraftStore.File(connection, draft.No));
    }

    /// <summary>The deck's newest version of all, the prices that the draft would replace, and when.</summary>
    async Task<(int Newest, RateDeck? Before, Instant At)> Base(DeckDraft draft, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var at = draft.EffectiveFrom ?? clock.GetCurrentInstant() + EffectiveDates.Notice;
        var newest = await DeckDraftStore.NewestVersion(connection, draft.DeckNo);
        return (newest, await DeckBefore.Read(connection, draft.DeckNo, null, at, ct), at);
    }

    Task<bool> Refuse(DeckDraft draft, BadLines bad, CancellationToken ct) => database.InTransaction<bool>(
        async (connection, transaction) =>
        {
            await DraftLinesStore.ReplaceBad(connection, transaction, draft.No, bad);
            return await DeckDraftStore.SaveCheck(
                connection, transaction, draft, DraftState.Refused, 0, (int)(bad.Kept.Count + bad.More),
                new DraftCounts(0, 0, 0, 0, 0, 0), raises: false, Refusals.Of(bad.Kept[0].Refusal).Name);
        },
        ct);
}

/// <summary>The prices that a new version of a deck takes over from.</summary>
static class DeckBefore
{
    /// <param name="but">A version that does not count, the new one itself.</param>
    /// <returns>Null where the deck has none in force at that instant.</returns>
    public static async Task<RateDeck?> Read(
        DbConnection connection, int deckNo, int? but, Instant at, CancellationToken ct)
    {
        var deck = (await DeckStore.Find(connection, null, deckNo)).Value;
        var versions = (await DeckStore.VersionsOf(connection, deckNo)).Select(saved => saved.Version)
            .Where(version => version.Version != but).ToList();
        if (DeckVersion.InForce(versions, at) is not { } version) return null;
        var rates = await RateStore.Read(connection, version, ct);
        return RateDeck.Build(deckNo, version.Version, deck.Currency, version.Rounding, rates);
    }
}
