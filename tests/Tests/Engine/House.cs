using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Tests.Engine;

/// <summary>
/// What most tests begin with, made through the same operations as everything: providers, decks, accounts.
/// </summary>
public sealed class House(Database database, IClock clock)
{
    public async Task<Provider> Provider(string preset = "retail-usd", string? name = null)
    {
        var currency = preset.EndsWith("cad", StringComparison.Ordinal) ? Currency.Cad : Currency.Usd;
        var wanted =
            new NewProvider(name ?? preset, $"{name ?? preset}.localhost", currency, PolicyPresets.All[preset], "test");
        return (await new CreateProvider(database, clock).Run(wanted)).Value;
    }

    public async Task<Deck> Deck(Provider provider, string name = "standard") =>
        (await new CreateDeck(database, clock).Run(new NewDeck(provider.No, name, provider.Currency))).Value;

    public async Task<CreatedAccount> Account(Provider provider, int deckNo, string name = "An account",
        params string[] sipUsers)
    {
        var wanted = new NewAccount(
            provider.No, name, AccountType.Prepaid, provider.Currency, TaxStatus.NonExempt,
            deckNo, null, Channels: 10, CallsPerSecond: 10, null, sipUsers);
        return (await new CreateAccount(database, clock).Run(wanted)).Value;
    }
}
