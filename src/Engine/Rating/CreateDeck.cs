using NodaTime;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>A deck to be, without prices yet: a call that needs one of it finds no rate.</summary>
public sealed record NewDeck(int ProviderNo, string Name, Currency Currency);

/// <summary>
/// Refusals: <see cref="Refusal.BadText"/>, <see cref="Refusal.UnknownProvider"/>, <see cref="Refusal.AlreadyExists"/>,
/// <see cref="Refusal.CurrencyMismatch"/> where the provider's books are in another currency.
/// </summary>
public sealed class CreateDeck(Database database, IClock clock)
{
    public Task<Result<Deck>> Run(NewDeck wanted, CancellationToken ct = default) =>
        database.InTransaction<Deck>(
            async (connection, transaction) =>
            {
                if (!PlainText.Fits(wanted.Name, 64)) return new Refused(Refusal.BadText, "name");
                var provider = await ProviderStore.Find(connection, transaction, wanted.ProviderNo);
                if (provider.Refused is { } unknown) return unknown;
                if (provider.Value.Currency != wanted.Currency)
                    return new Refused(Refusal.CurrencyMismatch,
                        $"provider {provider.Value.Currency}, deck {wanted.Currency}");
                var id = Database.NewId(PublicId.Deck);
                var no = await DeckStore.Insert(connection, transaction, id.Text, wanted, clock.GetCurrentInstant());
                if (no is not { } made) return new Refused(Refusal.AlreadyExists, wanted.Name);
                await RevisionStore.Raise(connection, transaction, Watched.Deck);
                return new Deck(made, id, wanted.ProviderNo, wanted.Name, wanted.Currency);
            },
            ct);
}
