using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.Commands;

/// <summary>
/// The database of the environment for commands that only look: its schema must fit and stays as it is.
/// </summary>
sealed class OpenBooks(Database database, Refused? refused) : IAsyncDisposable
{
    public Database Database => database;

    public Refused? Refused => refused;

    public static async Task<OpenBooks> Existing(CancellationToken cancel)
    {
        var settings = Settings.FromEnvironment();
        var database = Database.Open(settings.Database, settings.DataFolder);
        var schema = await new Migrator(database, Services.Clock).Run(MigrateMode.Check, cancel);
        return new OpenBooks(database, schema.Refused);
    }

    /// <summary>The same without a look at the schema, for what begins with an empty database.</summary>
    public static OpenBooks Any()
    {
        var settings = Settings.FromEnvironment();
        return new OpenBooks(Database.Open(settings.Database, settings.DataFolder), null);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
