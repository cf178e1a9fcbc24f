using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// Replaces the whole numbering table, or nothing of it; every node takes it up at its next poll. Of rows with one
/// prefix the last counts. Refusal: <see cref="Refusal.DeckEmpty"/>.
/// </summary>
public sealed class ImportNumbering(Database database, IClock clock)
{
    /// <returns>How many prefixes the table now has.</returns>
    public async Task<Result<int>> Run(
        IReadOnlyList<NumberingEntry> entries, string sourceSha256, string by, Action<int>? onRows = null,
        CancellationToken ct = default)
    {
        if (entries.Count == 0) return Refusal.DeckEmpty;
        var rows = entries.GroupBy(entry => entry.Prefix, StringComparer.Ordinal).Select(same => same.Last()).ToList();
        var now = clock.GetCurrentInstant();
        var version = await database.InTransaction<int>(
            (connection, transaction) =>
            NumberingStore.Begin(connection, transaction, rows.Count, sourceSha256, now, by), ct);
        var shown = false;
        try
        {
            await NumberingStore.Write(database, version, rows, onRows, ct);
            shown = await database.InTransaction<bool>(
                async (connection, transaction) =>
                {
                    await NumberingStore.Complete(connection, transaction, version);
                    await RevisionStore.Raise(connection, transaction, Watched.Numbering);
                    return true;
                },
                ct);
        }
        finally
        {
            if (!shown) await NumberingStore.Remove(database, version, CancellationToken.None);
        }
        await NumberingStore.RemoveBefore(database, version, ct);
        return rows.Count;
    }
}
