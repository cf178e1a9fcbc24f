namespace Tollkeeper.Host.Commands;

/// <summary>What the program tells the shell.</summary>
public static class ExitStatus
{
    public const int Done = 0;

    /// <summary>Refused or failed, with a sentence on standard error.</summary>
    public const int Refused = 1;

    public const int WrongUsage = 2;
}
