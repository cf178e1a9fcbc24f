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
