namespace Tollkeeper.Providers;

/// <summary>What a switch may be called: 1 to 64 of A–Z a–z 0–9 . _ : -</summary>
public static class SwitchName
{
    public static bool Fits(string? name) =>
        name is { Length: >= 1 and <= 64 }
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');
}
