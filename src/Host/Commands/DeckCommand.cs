using System.CommandLine;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper deck …</c>: what is done with rate decks.</summary>
public static class DeckCommand
{
    public static Command Create() => new("deck", "Rate decks: the lists of prices that calls are charged by.")
    {
        DeckImportCommand.Create(),
        DeckPriceCommand.Create(),
    };
}
