namespace Tollkeeper.Host.Shell;

/// <summary>What a state or a notice is: neither good nor bad, good, to be looked at, bad.</summary>
public enum Tone
{
    Plain,
    Good,
    Warn,
    Bad,
}

/// <summary>The class of styles that goes with a tone.</summary>
static class Tones
{
    public static string Class(this Tone tone, string part) => tone switch
    {
        Tone.Plain => part,
        Tone.Good => $"{part} {part}-good",
        Tone.Warn => $"{part} {part}-warn",
        Tone.Bad => $"{part} {part}-bad",
    };
}
