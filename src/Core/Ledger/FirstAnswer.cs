using System.Globalization;

namespace Tollkeeper.Ledger;

/// <summary>
/// What was answered to the question whether a call may run, kept to be given again: seconds granted since the answer,
/// micros held for them, whether it was the last grant, and when to ask again (seconds).
/// </summary>
public readonly record struct FirstAnswer(int GrantedSeconds, long HeldMicros, bool Final, int RenewSeconds)
{
    /// <summary>As a call keeps it in one column: the four numbers, 1 for the last grant and else 0.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{GrantedSeconds} {HeldMicros} {(Final ? 1 : 0)} {RenewSeconds}");

    public static FirstAnswer? Read(string? text)
    {
        if (text is null) return null;
        var parts = text.Split(' ');
        Demand.That(parts.Length == 4, $"a first answer has four numbers: '{text}'");
        return new FirstAnswer(
            int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture),
            parts[2] == "1", int.Parse(parts[3], CultureInfo.InvariantCulture));
    }
}
