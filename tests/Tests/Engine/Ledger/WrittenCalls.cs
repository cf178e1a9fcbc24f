using System.Globalization;
using System.Text;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>A call as a test wants it to be; what is not said is plain.</summary>
public sealed record WrittenCall(
    long WalletNo, long N, Instant RecordedAt, Directions Direction = Directions.Outbound,
    string From = "+12125550100", string To = "+14165550100", string Destination = "Canada",
    Disposition Disposition = Disposition.Answered, int Seconds = 60, long ChargeMicros = 50_000, long TaxMicros = 0);

/// <summary>
/// Calls written past the Bookkeeper, by the hundred, for tests of what reads them; the books do not add up afterwards.
/// </summary>
static class WrittenCalls
{
    public static async Task Write(Database database, IReadOnlyList<WrittenCall> calls)
    {
        await using var connection = await database.Connect();
        foreach (var some in calls.Chunk(200))
        {
            var text = new StringBuilder(
                """
                insert into call (wallet_no, n, call_key, account_no, switch_no, call, direction, from_number,
                  to_number, billable, currency, started_at_micros, ended_at_micros, recorded_at_micros, seconds,
                  billed_seconds, overrun_seconds, disposition, stale, charge_micros, tax_micros, balance_micros,
                  end_content, policy_version, deck_no, deck_version, prefix, destination, rate_e8, terms) values
                """);
            for (var i = 0; i < some.Length; i++) text.Append(i == 0 ? " " : ", ").Append(Row(some[i], database));
            await Execute(connection, text.ToString());
        }
        foreach (var wallet in calls.GroupBy(call => call.WalletNo))
            await Execute(connection,
                $"update wallet set calls = {wallet.Max(call => call.N)} where no = {wallet.Key}");
    }

    static string Row(WrittenCall call, Database database)
    {
        var key = CallKey.Of(1, "written", $"{call.WalletNo}-{call.N}").Value;
        var written = database.IsPostgres ? $"'{key}'" : $"x'{Convert.ToHexString(key.ToByteArray(bigEndian: true))}'";
        var at = call.RecordedAt.ToMicros();
        return string.Create(CultureInfo.InvariantCulture,
            $"""
            ({call.WalletNo}, {call.N}, {written}, 1, 1, 'c{call.N}', {(int)call.Direction}, '{call.From}',
             '{call.To}', 1, 'USD', {at}, {at}, {at}, {call.Seconds}, {call.Seconds}, 0, {(int)call.Disposition}, 0,
             {call.ChargeMicros}, {call.TaxMicros}, 0, {written}, 1, 1, 1, '1', '{call.Destination}', 5000000,
             '60/60 0 0 0 0 6 0 0 0')
            """);
    }

    static async Task Execute(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
