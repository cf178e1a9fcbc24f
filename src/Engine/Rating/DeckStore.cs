using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>Rate decks and their versions.</summary>
public static class DeckStore
{
    const string DeckColumns = "no, id, provider_no, name, currency";

    /// <summary>The new deck's number; null when the provider has a deck of that name.</summary>
    public static Task<int?> Insert(DbConnection connection, DbTransaction transaction, string id, NewDeck wanted,
        Instant now) =>
        connection.ExecuteScalarAsync<int?>(
            """
            insert into deck (id, provider_no, name, currency, created_at_micros)
            values (@id, @ProviderNo, @Name, @currency, @now) on conflict do nothing returning no
            """,
            new { id, wanted.ProviderNo, wanted.Name, currency = wanted.Currency.Code, now = now.ToMicros() },
            transaction);

    public static async Task<Result<Deck>> Find(DbConnection connection, DbTransaction? transaction, int deckNo)
    {
        var row = await connection.QuerySingleOrDefaultAsync<DeckRow>(
            $"select {DeckColumns} from deck where no = @deckNo", new { deckNo }, transaction);
        return row is null ? Refusal.UnknownDeck : row.ToDeck();
    }

    public static async Task<Result<Deck>> FindByName(DbConnection connection, DbTransaction? transaction,
        int providerNo, string name)
    {
        var row = await connection.QuerySingleOrDefaultAsync<DeckRow>(
            $"select {DeckColumns} from deck where provider_no = @providerNo and name = @name",
            new { providerNo, name }, transaction);
        return row is null ? new Refused(Refusal.UnknownDeck, name) : row.ToDeck();
    }

    public static async Task<IReadOnlyList<Deck>> All(DbConnection connection) =>
        [.. (await connection.QueryAsync<DeckRow>($"select {DeckColumns} from deck order by no"))
            .Select(row => row.ToDeck())];

    /// <summary>
    /// Begins a version that nobody sees; its number. The deck's row is locked first: two imports get two numbers.
    /// </summary>
    public static async Task<int> Begin(DbConnection connection, DbTransaction transaction, DeckImport import,
        int deckNo, Instant now)
    {
        await connection.ExecuteAsync("update deck set name = name where no = @deckNo", new { deckNo }, transaction);
        var version = 1 + await connection.ExecuteScalarAsync<int>(
            "select coalesce(max(version), 0) from deck_version where deck_no = @deckNo", new { deckNo }, transaction);
        await connection.ExecuteAsync(
            """
            insert into deck_version (
              deck_no, version, effective_from_at_micros, saved_at_micros, saved_by, rounding_decimals, rounding_mode,
              allow_zero, row_count, source_sha256, complete)
            values (@deckNo, @version, @now, @now, @By, @decimals, @mode, @zero, @rows, @SourceSha256, 0)
            """,
            new
            {
                deckNo,
                version,
                now = now.ToMicros(),
                import.By,
                decimals = (short)import.Rounding.Decimals,
                mode = (short)import.Rounding.Mode,
                zero = import.ZeroRates ? (short)1 : (short)0,
                rows = import.Rates.Count,
                import.SourceSha256,
            },
            transaction);
        return version;
    }

    /// <summary>Makes a version visible from its date on.</summary>
    public static Task Complete(
        DbConnection connection, DbTransaction transaction, int deckNo, int version, Instant effectiveFrom,
        Instant now) =>
        connection.ExecuteAsync(
            """
            update deck_version set complete = 1, effective_from_at_micros = @from, saved_at_micros = @now
            where deck_no = @deckNo and version = @version
            """,
            new { deckNo, version, from = effectiveFrom.ToMicros(), now = now.ToMicros() }, transaction);

    public static async Task<bool> HasCompleteVersion(DbConnection connection, DbTransaction transaction, int deckNo) =>
        await connection.ExecuteScalarAsync<int?>(
            "select 1 from deck_version where deck_no = @deckNo and complete = 1 limit 1", new { deckNo },
            transaction) is not null;

    /// <summary>Versions whose import began before an instant and never ended, such as one that was killed.</summary>
    public static async Task<IReadOnlyList<int>> Abandoned(
        DbConnection connection, DbTransaction transaction, int deckNo, Instant before) =>
        (await connection.QueryAsync<int>(
            "select version from deck_version where deck_no = @deckNo and complete = 0 and saved_at_micros < @before",
            new { deckNo, before = before.ToMicros() }, transaction)).AsList();

    /// <summary>The versions that anybody may see, by deck and number.</summary>
    /// <param name="providerNo">Of one provider's decks only; null: of all.</param>
    public static async Task<IReadOnlyList<DeckVersion>> Versions(DbConnection connection, int? providerNo = null)
    {
        var ofProvider = providerNo is null
            ? ""
            : "and deck_no in (select no from deck where provider_no = @providerNo)";
        var rows = await connection.QueryAsync<VersionRow>(
            $"""
            select deck_no, version, effective_from_at_micros, rounding_decimals, rounding_mode, row_count
            from deck_version where complete = 1 {ofProvider} order by deck_no, version
            """,
            new { providerNo });
        return [.. rows.Select(row => row.ToVersion())];
    }

    /// <summary>A provider's deck by its public id; the refusal is the same for a deck of another provider.</summary>
    public static async Task<Result<Deck>> FindById(DbConnection connection, int providerNo, string id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<DeckRow>(
            $"select {DeckColumns} from deck where id = @id and provider_no = @providerNo", new { id, providerNo });
        return row is null ? Refusal.UnknownDeck : row.ToDeck();
    }

    /// <summary>A provider's decks by name, each with its versions.</summary>
    public static async Task<IReadOnlyList<(Deck Deck, IReadOnlyList<DeckVersion> Versions)>> OfProvider(
        DbConnection connection, int providerNo)
    {
        var decks = await connection.QueryAsync<DeckRow>(
            $"select {DeckColumns} from deck where provider_no = @providerNo order by name, no", new { providerNo });
        var versions = (await Versions(connection, providerNo)).ToLookup(version => version.DeckNo);
        return [.. decks.Select(deck => (deck.ToDeck(), (IReadOnlyList<DeckVersion>)[.. versions[deck.No]]))];
    }

    /// <summary>The versions of one deck with who saved them, newest first.</summary>
    public static async Task<IReadOnlyList<SavedDeckVersion>> VersionsOf(DbConnection connection, int deckNo)
    {
        var rows = await connection.QueryAsync<VersionRow>(
            """
            select deck_no, version, effective_from_at_micros, rounding_decimals, rounding_mode, row_count,
              saved_at_micros, saved_by, source_sha256
            from deck_version where complete = 1 and deck_no = @deckNo order by version desc
            """,
            new { deckNo });
        return [.. rows.Select(row => new SavedDeckVersion(
            row.ToVersion(), Instants.FromMicros(row.SavedAtMicros), row.SavedBy, row.SourceSha256))];
    }

    sealed class VersionRow
    {
        public int DeckNo { get; init; }
        public int Version { get; init; }
        public long EffectiveFromAtMicros { get; init; }
        public int RoundingDecimals { get; init; }
        public int RoundingMode { get; init; }
        public int RowCount { get; init; }
        public long SavedAtMicros { get; init; }
        public string SavedBy { get; init; } = "";
        public string SourceSha256 { get; init; } = "";

        public DeckVersion ToVersion() => new(
            DeckNo, Version, Instants.FromMicros(EffectiveFromAtMicros),
            new Rounding(RoundingDecimals, (Tollkeeper.RoundingMode)RoundingMode), RowCount);
    }

    sealed class DeckRow
    {
        public int No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public string Name { get; init; } = "";
        public string Currency { get; init; } = "";

        public Deck ToDeck()
        {
            Demand.That(PublicId.TryParse(Id, PublicId.Deck, out var id), "a deck's row has a deck's id");
            return new Deck(No, id, ProviderNo, Name, Tollkeeper.Currency.Of(Currency));
        }
    }
}

/// <summary>A version, when and by whom it was saved, and its file's SHA-256; empty where it had none.</summary>
public sealed record SavedDeckVersion(DeckVersion Version, Instant SavedAt, string SavedBy, string SourceSha256);
