using System.CommandLine;

namespace Tollkeeper.Host.Commands;

/// <summary>Every command of the program, one line each.</summary>
public static class Root
{
    public static RootCommand Create() => new("Tollkeeper: billing for telephone service.")
    {
        BrandCommand.Create(),
        DeckCommand.Create(),
        DemoCommand.Create(),
        KeyCommand.Create(),
        MigrateCommand.Create(),
        NumberingCommand.Create(),
        RateCommand.Create(),
        ServeCommand.Create(),
        TaxCommand.Create(),
        UserCommand.Create(),
        AuditCommand.Create(),
        LedgerCommand.Create(),
        BackupCommands.Backup(),
        BackupCommands.Restore(),
    };
}
