using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// The one place where the installation's records are: PostgreSQL, or SQLite in the data folder. Both are spoken to
/// with one SQL text wherever that is possible: columns in snake_case, instants as <c>…_at_micros</c>, yes and no as
/// 0 and 1.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>
    /// SQLite itself waits this long for another writer; without it the provider sleeps in steps of 150 ms.
    /// </summary>
    const int SqliteBusyMilliseconds = 10_000;
    const int BufferBytes = 64 * 1024;

    /// <summary>
    /// The log is written back into the file at 256 MiB: each call writes to half a dozen pages, and most of them are
    /// written again before that.
    /// </summary>
    const int SqliteLogPages = 65_536;

    readonly NpgsqlDataSource? postgres;
    readonly string? sqlitePath;
    readonly string sqliteConnectionString = "";

    // SQLite has one writer. Waiting here is first come, first served; waiting inside SQLite is sleeping and polling.
    readonly SemaphoreSlim sqliteWriter = new(1, 1);

    readonly Lazy<PageReads> reads;

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    Database(string connectionString, NpgsqlDataSource postgres)
    {
        this.postgres = postgres;
        reads = new(() => new PageReads(connectionString, Build));
    }

    Database(string sqlitePath)
    {
        this.sqlitePath = sqlitePath;
        sqliteConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = sqlitePath,
            ForeignKeys = true,
            DefaultTimeout = 30,
            Pooling = true,
        }.ToString();
        reads = new(() => new PageReads(OpenSqliteReader));
    }

    /// <summary>
    /// Opens what <c>TOLLKEEPER_DATABASE</c> names; empty or null is SQLite, file <c>tollkeeper.db</c> in the data
    /// folder.
    /// </summary>
    public static Database Open(string? connectionString, string dataFolder)
    {
        if (!string.IsNullOrWhiteSpace(connectionString))
        {
            var settings = PostgresSettings(connectionString);
            return new Database(settings, Build(new NpgsqlDataSourceBuilder(settings)));
        }
        Directory.CreateDirectory(dataFolder);
        return new Database(Path.GetFullPath(Path.Combine(dataFolder, "tollkeeper.db")));
    }

    public bool IsPostgres => postgres is not null;

    public NpgsqlDataSource Postgres
    {
        get
        {
            Demand.That(postgres is not null, "the database is PostgreSQL");
            return postgres;
        }
    }

    public string SqlitePath
    {
        get
        {
            Demand.That(sqlitePath is not null, "the database is SQLite");
            return sqlitePath;
        }
    }

    /// <summary>For what people look at, beside the connections that calls and money need.</summary>
    public PageReads Reads => reads.Value;

    /// <summary>An opened connection; on SQLite in WAL mode, synchronous=FULL, foreign keys checked.</summary>
    public async ValueTask<DbConnection> Connect(CancellationToken ct = default)
    {
        if (postgres is not null) return await postgres.OpenConnectionAsync(ct);
        var connection = new SqliteConnection(sqliteConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText =
                $"PRAGMA busy_timeout={SqliteBusyMilliseconds}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                + $"PRAGMA wal_autocheckpoint={SqliteLogPages};";
            await pragmas.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// For a page that reads a thing or two: on PostgreSQL one of the few connections of <see cref="Reads"/>.
    /// </summary>
    public ValueTask<DbConnection> ConnectForPage(CancellationToken ct = default) =>
        IsPostgres ? Reads.Connect(ct) : Connect(ct);

    /// <summary>
    /// Does the work in one transaction on a connection of its own and commits it; an exception rolls it back.
    /// </summary>
    public async Task<T> InTransaction<T>(
        Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        await using var connection = await Connect(ct);
        return await InTransaction(connection, work, ct);
    }

    /// <summary>The same on a connection that the caller keeps. Transactions do not nest.</summary>
    public async Task<T> InTransaction<T>(
        DbConnection connection, Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        if (IsPostgres) return await Commit(connection, work, ct);
        await sqliteWriter.WaitAsync(ct);
        try
        {
            return await Commit(connection, work, ct);
        }
        finally
        {
            sqliteWriter.Release();
        }
    }

    /// <summary>A refused result rolls the work back too: nothing half written stays.</summary>
    public async Task<Result<T>> InTransaction<T>(
        Func<DbConnection, DbTransaction, Task<Result<T>>> work, CancellationToken ct = default)
    {
        try
        {
            return await InTransaction<Result<T>>(
                async (connection, transaction) =>
                {
                    var result = await work(connection, transaction);
                    return result.Refused is { } refused ? throw new RolledBack(refused) : result;
                },
                ct);
        }
        catch (RolledBack rolledBack)
        {
            return rolledBack.Refused;
        }
    }

    /// <summary>A new public id from the operating system's random bytes.</summary>
    public static PublicId NewId(string prefix)
    {
        Span<byte> random = stackalloc byte[PublicId.RandomBytes];
        RandomNumberGenerator.Fill(random);
        return PublicId.From(prefix, random);
    }

    public async ValueTask DisposeAsync()
    {
        if (reads.IsValueCreated) await reads.Value.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
        else SqliteConnection.ClearPool(new SqliteConnection(sqliteConnectionString));
        sqliteWriter.Dispose();
    }

    static async Task<T> Commit<T>(
        DbConnection connection, Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken ct)
    {
        // On SQLite this is BEGIN IMMEDIATE: a transaction that starts by reading could not become a writer later.
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var result = await work(connection, transaction);
        await transaction.CommitAsync(ct);
        return result;
    }

    static string PostgresSettings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { IncludeErrorDetail = false };
        // The same few statements all day: planned once a connection, unless the operator chose otherwise.
        if (settings.MaxAutoPrepare == 0) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (100, 2);
        // Batches and audits move hundreds of kilobytes: pieces of 8 KiB would be a system call each.
        settings.ReadBufferSize = Math.Max(settings.ReadBufferSize, BufferBytes);
        settings.WriteBufferSize = Math.Max(settings.WriteBufferSize, BufferBytes);
        return settings.ConnectionString;
    }

    static NpgsqlDataSource Build(NpgsqlDataSourceBuilder builder)
    {
        var several = builder.ConnectionStringBuilder.Host?.Contains(',', StringComparison.Ordinal) ?? false;
        return several ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }

    SqliteConnection OpenSqliteReader()
    {
        // Not pooled: it keeps its prepared statements with it, and is closed when it is done with.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = sqlitePath, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = $"PRAGMA busy_timeout={SqliteBusyMilliseconds}; PRAGMA query_only=1;";
            pragmas.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    sealed class RolledBack(Refused refused) : Exception
    {
        public Refused Refused => refused;
    }
}
