using System.CommandLine;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper deck import</c>: a file becomes a deck's next version, whole or not at all.</summary>
public static class DeckImportCommand
{
    sealed record Answer(string Deck, int Version, string EffectiveFrom, int Rates);

    sealed record Wanted(
        FileInfo File, string Provider, string Deck, Currency? Currency, Instant? From, Rounding Rounding,
        bool ZeroRates,
        bool MonthFirst, bool Json);

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "Rate deck, CSV." };
        var provider = new Option<string>("--provider") { Description = "The provider's name.", Required = true };
        var deck = new Option<string>("--deck")
        {
            Description = "The deck's name; made where it is new.",
            Required = true,
        };
        var currency = new Option<string?>("--currency") { Description = "Checked against the provider's currency." };
        var from = new Option<string?>("--from")
        {
            Description = "When it takes effect, RFC 3339; at least 60 s from now (default: as soon as may be).",
        };
        var decimals = new Option<int>("--decimals")
        {
            Description = "Decimals that prices keep, 4 to 8.",
            DefaultValueFactory = _ => 6,
        };
        var mode = new Option<RoundingMode>("--rounding") { Description = "How the rest is rounded." };
        var zeroRates = new Option<bool>("--zero-rates") { Description = "The deck may have rates of zero." };
        var monthFirst = new Option<bool>("--month-first") { Description = "Dates are written M/D/YYYY." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        from.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string?>() is { } text
                && InstantText.Read(text) is null) given.AddError($"--from {text} is no RFC 3339 instant.");
        });
        currency.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string?>() is { } code
                && !Currency.TryParse(code, out _)) given.AddError($"--currency {code} is no currency code.");
        });
        decimals.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 4 or > 8) given.AddError("--decimals is 4 to 8.");
        });
        var command = new Command("import", "Import a rate deck, all or nothing.")
        {
            file, provider, deck, currency, from, decimals, mode, zeroRates, monthFirst, json,
        };
        command.SetAction((parsed, ct) =>
        {
            var wanted = new Wanted(
                parsed.GetRequiredValue(file), parsed.GetRequiredValue(provider), parsed.GetRequiredValue(deck),
                parsed.GetValue(currency) is { } code ? Currency.Of(code) : null,
                parsed.GetValue(from) is { } text ? InstantText.Read(text) : null,
                new Rounding(parsed.GetValue(decimals), parsed.GetValue(mode)), parsed.GetValue(zeroRates),
                parsed.GetValue(monthFirst), parsed.GetValue(json));
            return OnDatabase.Run((database, _) => Import(database, wanted, ct), ct);
        });
        return command;
    }

    static async Task<int> Import(Database database, Wanted wanted, CancellationToken ct)
    {
        var found = await ProviderAndZone(database, wanted.Provider);
        if (found.Refused is { } unknown) return Say.Refused(unknown);
        var (provider, zone) = found.Value;
        var sha256 = await OnDatabase.Sha256Of(wanted.File, ct);
        if (sha256.Refused is { } unreadable) return Say.Refused(unreadable);
        var options = new DeckCsvOptions
        {
            ZeroRates = wanted.ZeroRates,
            MonthFirstDates = wanted.MonthFirst,
            Zone = zone,
        };
        var reading = await Progress.ShowAsync(
            $"Reading {wanted.File.Name}", wanted.File.Length,
            onBytes => Task.Run(() => DeckFile.Read(wanted.File.FullName, options, onBytes), ct));
        if (reading.Refused is { } refused) return Say.Refused(refused);
        if (!reading.Value.Accepted) return Say.BadLines(reading.Value.Bad);

        var deck = await FindOrCreate(database, provider, wanted, ct);
        if (deck.Refused is { } noDeck) return Say.Refused(noDeck);
        var import = new DeckImport(
            deck.Value.No, wanted.Rounding, wanted.ZeroRates, wanted.From, reading.Value.Rates, sha256.Value,
            OnDatabase.Who);
        var imported = await Progress.ShowAsync(
            "Writing rates", import.Rates.Count,
            onRows => new ImportDeck(database, Services.Clock).Run(import, rows => onRows(rows), ct: ct));
        if (imported.Refused is { } no) return Say.Refused(no);
        var version = imported.Value;
        var from = InstantPattern.ExtendedIso.Format(version.EffectiveFrom);
        if (wanted.Json) return Say.AsJson(new Answer(deck.Value.Id.Text, version.Version, from, version.RowCount));
        Console.Out.WriteLine(
            $"{deck.Value.Name} version {version.Version}: {version.RowCount} rates, in force from {from}.");
        return ExitStatus.Done;
    }

    /// <summary>The zone is where the midnight lies that a bare date in the file means.</summary>
    static async Task<Result<(Provider Provider, DateTimeZone Zone)>> ProviderAndZone(Database database, string name)
    {
        await using var connection = await database.Connect();
        var provider = await ProviderStore.FindByName(connection, null, name);
        if (provider.Refused is { } unknown) return unknown;
        var providers = new ProvidersInForce();
        await providers.Refresh(database, default);
        var policy = providers.PolicyOf(provider.Value.No, Services.Clock.GetCurrentInstant());
        if (policy.Refused is { } none) return none;
        var zone = BillingZone.Of(policy.Value.Policy.Calendar);
        return zone.Refused is { } bad ? bad : (provider.Value, zone.Value);
    }

    static async Task<Result<Deck>> FindOrCreate(Database database, Provider provider, Wanted wanted,
        CancellationToken ct)
    {
        var currency = wanted.Currency ?? provider.Currency;
        if (currency != provider.Currency)
            return new Refused(Refusal.CurrencyMismatch, $"provider {provider.Currency}, deck {currency}");
        await using (var connection = await database.Connect(ct))
        {
            var known = await DeckStore.FindByName(connection, null, provider.No, wanted.Deck);
            if (known.Accepted) return known;
        }
        return await new CreateDeck(database, Services.Clock).Run(new NewDeck(provider.No, wanted.Deck, currency), ct);
    }
}
