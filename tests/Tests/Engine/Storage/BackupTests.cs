using System.Security.Cryptography;
using System.Text.Json;
using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Storage;

public sealed class BackupTests
{
    [BothDatabases]
    public async Task A_backup_restored_has_the_same_audit_and_the_same_export_and_numbers_go_on(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var path = Path.Combine(books.Test.Folder, "backup");
        var made = await Backup(books, path);
        Assert.Equal(new FileInfo(path).Length, made.Value.Bytes);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(books.Test.Folder, "backup*"));

        await using var other = await TestDatabase.NewEmpty(kind);
        var restored = await Restore(other, path);
        Assert.True(restored.Accepted, restored.Refused?.ToString());
        var audit = new AuditBooks(other.Database, _ => DateTimeZone.Utc);
        var report = await audit.Run((await books.Audit()).Anchor);
        Assert.Equal([], report.Findings);
        Assert.Equal((await books.Audit()).Counts.Entries, report.Counts.Entries);
        Assert.Equal(await Export(books.Test.Database), await Export(other.Database));

        await using var desk = await books.Desk.Another(other.Database);
        Assert.True((await desk.Finish("open1", 5)).Accepted);
        Assert.True((await desk.Deposit(books.Prepaid, 60_000_000)).Seq > 1);
        Assert.True((await desk.Start(books.Prepaid, call: "after", sw: "sw9")).Accepted);
        Assert.NotEqual(books.Prepaid, await desk.Account(balanceMicros: 1));
        Assert.Equal([], (await audit.Run()).Findings);
    }

    [BothDatabases]
    public async Task A_database_that_holds_anything_is_never_restored_into(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var path = Path.Combine(books.Test.Folder, "backup");
        Assert.True((await Backup(books, path)).Accepted);
        var before = await Export(books.Test.Database);
        Assert.Equal(Refusal.DatabaseNotEmpty, (await Restore(books.Test, path)).Refused?.Refusal);
        Assert.Equal(before, await Export(books.Test.Database));
    }

    [BothDatabases]
    public async Task A_cut_or_damaged_backup_is_refused_before_anything_is_written(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var path = Path.Combine(books.Test.Folder, "backup");
        Assert.True((await Backup(books, path)).Accepted);
        var whole = await File.ReadAllBytesAsync(path);
        var flipped = (byte[])whole.Clone();
        flipped[whole.Length / 2] ^= 1;
        await using var other = await TestDatabase.NewEmpty(kind);
        byte[][] bad = [whole[..^1], whole[..(whole.Length / 2)], flipped, [.. whole, 0], [], [1, 2, 3]];
        foreach (var damaged in bad)
        {
            await File.WriteAllBytesAsync(path, damaged);
            var refused = (await Restore(other, path)).Refused;
            Assert.Equal(Refusal.FileUnreadable, refused?.Refusal);
            Assert.Contains("backup", refused!.Detail, StringComparison.Ordinal);
            Assert.Equal(Refusal.SchemaOlder, (await new Migrator(other.Database, SystemClock.Instance)
                .Run(MigrateMode.Check)).Refused?.Refusal);
        }
        await File.WriteAllBytesAsync(path, whole);
        Assert.True((await Restore(other, path)).Accepted);
        Assert.Equal(Refusal.FileUnreadable, (await Restore(other, path + "x")).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_backup_of_another_schema_is_refused_by_name(DatabaseKind kind)
    {
        await using var other = await TestDatabase.NewEmpty(kind);
        var shipped = Migrator.Shipped(kind == DatabaseKind.Postgres).Select(migration => migration.Sha256).ToList();
        var path = Path.Combine(other.Folder, "backup");
        Assert.Equal(Refusal.SchemaOlder, await With(shipped[..^1]));
        Assert.Equal(Refusal.SchemaNewer, await With([.. shipped, "x"]));
        Assert.Equal(Refusal.FileUnreadable, await With([.. shipped[..^1], "x"]));

        async Task<Refusal?> With(IReadOnlyList<string> migrations)
        {
            await File.WriteAllBytesAsync(path, Empty(kind, migrations));
            return (await Restore(other, path)).Refused?.Refusal;
        }
    }

    [BothDatabases]
    public async Task A_backup_made_while_calls_go_on_is_of_one_moment(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        using var over = new CancellationTokenSource();
        var calls = await books.KeepCalling(over.Token);
        var path = Path.Combine(books.Test.Folder, "backup");
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await Backup(books, path)).Accepted);
            await using var other = await TestDatabase.NewEmpty(kind);
            Assert.True((await Restore(other, path)).Accepted);
            var audit = new AuditBooks(other.Database, _ => DateTimeZone.Utc);
            Assert.Equal([], (await audit.Run()).Findings);
        }
        await over.CancelAsync();
        await calls;
    }

    /// <summary>A backup of nothing but its header, written by hand.</summary>
    static byte[] Empty(DatabaseKind kind, IReadOnlyList<string> migrations)
    {
        var database = kind == DatabaseKind.Postgres ? BackupHeader.Postgres : BackupHeader.Sqlite;
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new BackupHeader(BackupHeader.Newest, database, migrations, 0));
        byte[] length = [0, 0, (byte)(header.Length >> 8), (byte)(header.Length & 0xFF)];
        byte[] before = [.. "TOLLKEEPER BACKUP\nH"u8, .. length, .. header];
        return [.. before, (byte)'S', 0, 0, 0, 32, .. SHA256.HashData(before)];
    }

    static Task<Result<BackupMade>> Backup(SomeBooks books, string path) =>
        new BackupDatabase(books.Test.Database, books.Clock).Run(path);

    static Task<Result<int>> Restore(TestDatabase test, string path) =>
        new RestoreDatabase(test.Database, SystemClock.Instance).Run(path);

    static async Task<string> Export(Database database)
    {
        using var text = new MemoryStream();
        await new ExportLedger(database).Write(text, ExportFormat.Csv);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }
}
