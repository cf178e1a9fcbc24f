using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Bench;

/// <summary>
/// The usual way to charge a call, as pgbench does it best: row for row what we write, in two transactions a call, each
/// of which locks the wallet, writes, and updates it. It looks nothing up, hashes no chain and decides nothing.
/// </summary>
sealed class PgbenchCalls
{
    const int Clients = 32;

    readonly NpgsqlConnectionStringBuilder server;
    readonly string script;
    readonly string folder;

    PgbenchCalls(string connectionString, string folder, string script) =>
        (server, this.folder, this.script) = (new NpgsqlConnectionStringBuilder(connectionString), folder, script);

    public Latencies Calls { get; } = new();

    /// <param name="accounts">How many accounts the calls are spread over, from the first.</param>
    public static async Task<PgbenchCalls> Make(Database database, string folder, int accounts)
    {
        var script = Path.Combine(folder, $"calls-{accounts}.pgbench");
        await using var connection = await database.Postgres.OpenConnectionAsync();
        await File.WriteAllTextAsync(script, await ScriptOf(connection, accounts));
        return new PgbenchCalls(database.Postgres.ConnectionString, folder, script);
    }

    /// <summary>Calls per second over so many seconds.</summary>
    public async Task<double> Run(TimeSpan time)
    {
        var log = Path.Combine(folder, "log");
        using var pgbench = Process.Start(new ProcessStartInfo("pgbench",
        [
            "-n", "-M", "prepared", "-c", $"{Clients}", "-j", "2", "-T", $"{(int)time.TotalSeconds}",
            "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!,
            "-l", $"--log-prefix={log}", "--sampling-rate=0.1", "-f", script, server.Database!,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = pgbench.StandardError.ReadToEndAsync();
        var said = await pgbench.StandardOutput.ReadToEndAsync();
        await pgbench.WaitForExitAsync();
        var wrong = await errors;
        Demand.That(pgbench.ExitCode == 0, $"pgbench runs: {wrong}");
        foreach (var file in Directory.GetFiles(folder, "log.*"))
        {
            foreach (var line in File.ReadLines(file))
                Calls.Add(long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1000.0);
            File.Delete(file);
        }
        var tps = said.Split('\n').FirstOrDefault(line => line.StartsWith("tps = ", StringComparison.Ordinal));
        Demand.That(tps is not null, $"pgbench says what it did: {said} {wrong}");
        return double.Parse(tps.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    public override string ToString() => $"pgbench -M prepared -c {Clients} -j 2, call {Calls}";

    static async Task<string> ScriptOf(NpgsqlConnection connection, int accounts) =>
        $"""
        \set a random(1, {accounts})
        \set id random(1, 9000000000000000000)
        begin;
        {LockedWallet}
        {await Insert(connection, "hold")}
        update wallet set held_micros = held_micros + 250000, line_use = '0:1:999999000000:1769950800000000:1:1',
          last_at_micros = :w_at where no = :a and seq = :w_seq;
        commit;
        begin;
        {LockedWallet}
        delete from hold where call_key = {Key};
        {await Insert(connection, "entry")}
        {await Insert(connection, "posting")}
        {await Insert(connection, "call")}
        update wallet set balance_micros = balance_micros - 100000, held_micros = held_micros - 250000, seq = seq + 1,
          calls = calls + 1, chain = {Hash}, last_at_micros = :w_at, line_use = '0:0:999999000000:1769950800000000:1:1',
          day = 20500, day_calls = day_calls + 1, day_spent_micros = day_spent_micros + 100000,
          month_spent_micros = month_spent_micros + 100000 where no = :a and seq = :w_seq;
        commit;

        """;

    const string Key = "md5(:id::text)::uuid";
    // As long as ours are.
    const int DetailsBytes = 180;
    const string Hash = "'\\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'";

    const string LockedWallet =
        """
        select seq, calls, balance_micros as balance, (extract(epoch from now()) * 1000000)::bigint as at
          from wallet where account_no = :a for no key update \gset w_
        """;

    /// <summary>
    /// Every column of the table, so that the baseline writes what we write also after the schema has changed.
    /// </summary>
    static async Task<string> Insert(NpgsqlConnection connection, string table)
    {
        var columns = await BenchStore.Columns(connection, table);
        var names = string.Join(", ", columns.Select(column => column.Name));
        return $"insert into {table} ({names}) values ({string.Join(", ", columns.Select(ValueOf))});";
    }

    static string ValueOf((string Name, string Type) column) => column switch
    {
        { Name: "call_key" } => Key,
        { Name: "wallet_no" or "account_no" } => ":a",
        { Name: "seq" or "entry_seq" } => ":w_seq + 1",
        { Name: "n", Type: "smallint" } => "1",
        { Name: "n" or "call_n" } => ":w_calls + 1",
        { Name: "balance_micros" } => "(:w_balance)::bigint - 100000",
        { Name: "call" } => "'bench-call-' || :id",
        { Name: "reference" } => "md5(:id::text)",
        { Name: "hash" } => Hash,
        { Name: "details" } => $"'\\x{new string('5', 2 * DetailsBytes)}'",
        { Name: "expired_at_micros" or "answered_at_micros" or "tax_code" or "reverses_seq" } => "null",
        { Name: "debit" } => "'2100'",
        { Name: "credit" } => "'4100'",
        { Name: "from_number" } => "'+12125550100'",
        { Name: "to_number" } => "'+14162345678'",
        { Name: "terms" } => "'60/60 0 0 0 0 6 0 0 0'",
        { Name: "first_answer" } => "'300 250000 0 240'",
        { Name: "destination" } => "'North America'",
        { Name: "currency" } => "'USD'",
        { Type: "text" } => "'1'",
        { Type: "uuid" } => "'00112233-4455-6677-8899-aabbccddeeff'",
        { Type: "smallint" } => "1",
        { Type: "integer" } => "300",
        { Name: var name, Type: "bigint" } when name.EndsWith("_at_micros", StringComparison.Ordinal) => ":w_at",
        { Type: "bigint" } => "100000",
        var (name, type) => throw new InvalidOperationException($"The baseline has no value for {name} {type}."),
    };
}
