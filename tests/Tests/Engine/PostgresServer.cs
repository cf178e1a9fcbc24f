using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Tollkeeper.Tests.Engine;

/// <summary>
/// A PostgreSQL server of the tests' own: a new cluster in a temporary folder, default durable settings, a free port.
/// A shell holds it by the test process's pipe, so that it stops, and its folder goes, when the tests end or are
/// killed. With <c>TOLLKEEPER_TEST_POSTGRES</c> (a connection string to a superuser) that server is used instead.
/// </summary>
public sealed class PostgresServer
{
    const string FolderStart = "tollkeeper-postgres-";

    static readonly Lazy<Task<PostgresServer>> TheOne = new(Start);
    static int databases;

    readonly string connectionString;
    Process? shell;

    PostgresServer(string connectionString) => this.connectionString = connectionString;

    /// <summary>The one server of this test run, started by the first who asks.</summary>
    public static Task<PostgresServer> Shared => TheOne.Value;

    /// <summary>A server that one test may kill and restart.</summary>
    public static Task<PostgresServer> Own() => StartOwn();

    /// <summary>The folder of the cluster and the port; for tests that stop the server and start it again.</summary>
    public string Folder { get; private init; } = "";

    public int Port { get; private init; }

    /// <summary>Makes a database and gives its connection string; from a template when one is named.</summary>
    public async Task<string> CreateDatabase(string? template = null)
    {
        var name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        await Execute(template is null ? $"create database {name}" : $"create database {name} template {template}");
        return new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ConnectionString;
    }

    public Task DropDatabase(string connectionStringOfIt) =>
        Execute(
            $"drop database if exists {new NpgsqlConnectionStringBuilder(connectionStringOfIt).Database} with (force)");

    /// <summary>Stops the server at once, as a crash would (SIGQUIT: no checkpoint), or in order.</summary>
    public async Task Stop(bool crash = false)
    {
        if (shell is null) return;
        await shell.StandardInput.WriteLineAsync(crash ? "QUIT" : "INT");
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell = null;
    }

    /// <summary>Stops it for good; its files, which may be gigabytes, go too.</summary>
    public async Task Remove()
    {
        await Stop();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts it, also again after <see cref="Stop"/>, on the same port and files.</summary>
    public async Task StartServer()
    {
        shell = Run($"""
            {AsPostgres}{Bin}/postgres -D {Folder}/data -p {Port} -c listen_addresses=127.0.0.1 \
              -c unix_socket_directories={Folder} -c max_connections=300 >>{Folder}/log 2>&1 &
            server=$!
            read signal || last=yes
            kill -${"{"}signal:-QUIT{"}"} $server
            wait $server
            [ -z "$last" ] || rm -rf {Folder}
            """);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await Execute("select 1");
                return;
            }
            catch (NpgsqlException) when (attempt < 300)
            {
                await Task.Delay(50);
            }
        }
    }

    static string Bin => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => folder + "/bin")
            .Where(bin => File.Exists(bin + "/initdb"))
            .OrderByDescending(bin => bin, StringComparer.Ordinal).FirstOrDefault("")
        : "";

    // The server refuses to run as root.
    static string AsPostgres => string.Equals(Environment.UserName, "root", StringComparison.Ordinal)
        ? "setpriv --reuid=postgres --regid=postgres --clear-groups "
        : "";

    static async Task<PostgresServer> Start()
    {
        var named = Environment.GetEnvironmentVariable("TOLLKEEPER_TEST_POSTGRES");
        return string.IsNullOrEmpty(named) ? await StartOwn() : new PostgresServer(named);
    }

    static async Task<PostgresServer> StartOwn()
    {
        if (Bin.Length == 0)
        {
            throw new InvalidOperationException(
                "These tests need PostgreSQL: install the Debian package 'postgresql' "
                + "or set TOLLKEEPER_TEST_POSTGRES.");
        }
        RemoveLeftovers();
        var folder = Directory.CreateTempSubdirectory(FolderStart).FullName;
        var port = FreePort();
        var server = new PostgresServer(
            $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false;Timeout=5")
        {
            Folder = folder,
            Port = port,
        };
        using var initdb = Run($"""
            [ "$(id -u)" != 0 ] || chown postgres {folder}
            {AsPostgres}{Bin}/initdb -D {folder}/data -U postgres -A trust -E UTF8 --no-locale --no-sync \
              >{folder}/initdb.log 2>&1 \
              || {"{"} cat {folder}/initdb.log >&2; exit 1; {"}"}
            """);
        initdb.StandardInput.Close();
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0) throw new InvalidOperationException("initdb failed; see " + folder + "/initdb.log");
        await server.StartServer();
        return server;
    }

    /// <summary>
    /// Folders of servers that are gone and could not clean up after themselves, because the machine stopped or all
    /// was killed at once: they hold gigabytes.
    /// </summary>
    static void RemoveLeftovers()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), FolderStart + "*"))
        {
            try
            {
                if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) < TimeSpan.FromMinutes(10)) continue;
                if (!IsAlive(Path.Combine(folder, "data", "postmaster.pid"))) Directory.Delete(folder, recursive: true);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
            {
                // Another run removes it just now, or it is another user's.
            }
        }
    }

    static bool IsAlive(string pidFile)
    {
        if (!File.Exists(pidFile)) return false;
        return File.ReadLines(pidFile).FirstOrDefault() is { } pid && Directory.Exists("/proc/" + pid.Trim());
    }

    static Process Run(string script) =>
        Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, UseShellExecute = false })
        ?? throw new InvalidOperationException("/bin/sh does not start.");

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
