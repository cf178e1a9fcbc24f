namespace Tollkeeper.Accounts;

/// <summary>What a key opens at the API, each a bit. The numbers are stored: never renumber.</summary>
[Flags]
public enum KeyScopes
{
    None = 0,

    /// <summary>Asks for calls, goes on with them, tells of their ends.</summary>
    Calls = 1,

    /// <summary>Charges for looking up who calls.</summary>
    Queries = 2,

    /// <summary>Brings calls that are over.</summary>
    Import = 4,

    /// <summary>Reads one account's balance and status.</summary>
    Balance = 8,

    /// <summary>Reads one account's entries.</summary>
    Entries = 16,

    /// <summary>Moves money, and suspends.</summary>
    Operate = 32,

    /// <summary>Asks what taxes come to.</summary>
    Taxes = 64,
}

public static class KeyScopesOf
{
    /// <summary>All that a key of this kind can open; its holder may have chosen less.</summary>
    public static KeyScopes Kind(KeyKind kind) => kind switch
    {
        KeyKind.Switch => KeyScopes.Calls | KeyScopes.Queries | KeyScopes.Import,
        KeyKind.Account => KeyScopes.Balance | KeyScopes.Entries | KeyScopes.Taxes,
        KeyKind.Operator => KeyScopes.Balance | KeyScopes.Entries | KeyScopes.Operate | KeyScopes.Taxes,
    };

    /// <summary>One by one.</summary>
    public static IReadOnlyList<KeyScopes> Each(KeyScopes scopes) =>
        [.. Enum.GetValues<KeyScopes>().Where(one => one != KeyScopes.None && scopes.HasFlag(one))];

    /// <summary>As forms and records write it.</summary>
    public static string Word(KeyScopes one) => $"{one}".ToLowerInvariant();

    /// <summary>Those of a kind that somebody chose by their words; other words choose nothing.</summary>
    public static KeyScopes Chosen(KeyKind kind, IEnumerable<string?> words) => Each(Kind(kind))
        .Where(one => words.Contains(Word(one), StringComparer.Ordinal))
        .Aggregate(KeyScopes.None, (all, one) => all | one);
}
