namespace Tollkeeper.Accounts;

/// <summary>Who did something: shown beside it, and for the record where from.</summary>
/// <param name="UserNo">Null for commands and programs.</param>
/// <param name="Name">Such as an e-mail address.</param>
/// <param name="Address">Of the client; empty for commands.</param>
public sealed record Actor(long? UserNo, string Name, string Address)
{
    public const int LongestName = 254;

    /// <summary>Not a person at a page: a command, an operator's key, the program itself.</summary>
    public static Actor Named(string name) => new(null, name, "");
}
