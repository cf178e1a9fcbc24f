using System.CommandLine;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Commands;

/// <summary>The options by which a command is given a rate deck's file, and the reading of it.</summary>
sealed class DeckOptions
{
    readonly Option<FileInfo> file = new("--deck") { Description = "Rate deck, CSV.", Required = true };

    readonly Option<bool> zeroRates = new("--zero-rates") { Description = "The deck may have rates of zero." };

    public void AddTo(Command command)
    {
        command.Options.Add(file);
        command.Options.Add(zeroRates);
    }

    /// <returns>The deck, or null when its refusal has been said.</returns>
    public async Task<RateDeck?> ReadAsync(ParseResult parsed)
    {
        var deck = parsed.GetRequiredValue(file);
        var options = new DeckCsvOptions { ZeroRates = parsed.GetValue(zeroRates) };
        var length = deck.Exists ? deck.Length : 0;
        var reading = await Progress.ShowAsync(
            $"Reading {deck.Name}", length, onBytes => Task.Run(() => DeckFile.Read(deck.FullName, options, onBytes)));
        if (reading.Refused is { } refused)
        {
            Say.Refused(refused);
            return null;
        }
        if (!reading.Value.Accepted)
        {
            Say.BadLines(reading.Value.Bad);
            return null;
        }
        // A deck's file does not name its currency, and none is printed.
        return RateDeck.Build(0, 0, Currency.Usd, Rounding.Micros, reading.Value.Rates);
    }
}
