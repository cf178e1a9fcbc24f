using System.Collections.Frozen;

namespace Tollkeeper.Accounts;

/// <summary>
/// What a password must be: long enough, and not what everybody tries first. No rule asks for digits or signs, because
/// such rules make passwords that are hard to remember and easy to guess.
/// </summary>
public static class PasswordRules
{
    public const int Shortest = 10;

    /// <summary>Longer ones cost work to hash and protect nobody.</summary>
    public const int Longest = 200;

    /// <summary>A password of fewer different characters is counted as guessed.</summary>
    const int FewestDifferent = 4;

    /// <summary>The ones of ten characters and more that lists of stolen passwords hold most often.</summary>
    static readonly FrozenSet<string> Common = new[]
    {
        "1234567890", "0123456789", "0987654321", "12345678910", "123456789a", "123456789q", "1q2w3e4r5t",
        "1q2w3e4r5t6y", "1qaz2wsx3edc", "qwertyuiop", "qwerty12345", "qwerty123456", "asdfghjkl1", "asdfghjkl;",
        "zxcvbnm123", "password12", "password123", "password1234", "passw0rd123", "p@ssw0rd123", "motdepasse",
        "motdepasse1", "motdepasse123", "contrasena1", "contraseña", "contraseña1", "contrasena123", "iloveyou12",
        "iloveyou123", "letmein123", "welcome123", "administrator", "changeme123", "superman123", "football123",
        "baseball123", "abcdefghij", "abcdefghijk", "abcd1234567", "a1b2c3d4e5", "jesuschrist", "sunshine123",
        "princess123", "chocolate1", "tollkeeper", "tollkeeper1", "tollkeeper123",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Null for a password that will do; otherwise <see cref="Refusal.PasswordTooShort"/>,
    /// <see cref="Refusal.BadText"/> or <see cref="Refusal.PasswordGuessable"/>.
    /// </summary>
    /// <param name="provider">Whose customer or staff it is for: its name is among the first to be tried.</param>
    public static Refusal? Problem(string? password, EmailAddress email, string provider)
    {
        if (password is null || password.Length < Shortest) return Refusal.PasswordTooShort;
        if (!PlainText.Fits(password, Longest)) return Refusal.BadText;
        var guessable = password.Distinct().Count() < FewestDifferent
            || Common.Contains(password)
            || Same(password, email.Text) || Same(password, email.Text.Split('@')[0]) || Same(password, provider);
        return guessable ? Refusal.PasswordGuessable : null;
    }

    /// <summary>The same but for case and for digits or signs at the ends.</summary>
    static bool Same(string password, string known) =>
        string.Equals(Bare(password), Bare(known), StringComparison.OrdinalIgnoreCase);

    static string Bare(string text)
    {
        var bare = text.AsSpan();
        while (bare.Length > 0 && !char.IsLetter(bare[0])) bare = bare[1..];
        while (bare.Length > 0 && !char.IsLetter(bare[^1])) bare = bare[..^1];
        return bare.IsEmpty ? text : bare.ToString();
    }
}
