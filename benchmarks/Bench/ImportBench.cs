using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Tests.Engine;

namespace Tollkeeper.Bench;

/// <summary>
/// Finished calls that nobody was asked about, charged durably on PostgreSQL; and an audit of all of them.
/// </summary>
static class ImportBench
{
    const int Accounts = 10_000;

    public static async IAsyncEnumerable<BenchRow> Run(bool quick)
    {
        var server = await PostgresServer.Own();
        await using var database = await CallsBench.PostgresDatabase(server);
        await using var desk = await CallDesk.Open(database, Accounts);
        var calls = quick ? 300_000 : 1_000_000;
        await CallLoad.Imports(desk, calls / 20);
        var perSecond = await CallLoad.Imports(desk, calls);
        yield return new BenchRow(
            $"import of {calls:#,##0} finished calls, PostgreSQL", "calls/s", perSecond, "none", null, null,
            $"a million in {1_000_000 / perSecond:0.0} s; gate 30 s, aim 10 s");
        await desk.DemandEqualBooks();
        var audit = await new AuditBooks(database, _ => DateTimeZone.Utc).Run();
        Demand.That(audit.Clean, "an audit finds nothing in the measurement's books");
        var entries = audit.Counts.Entries / audit.Took.TotalSeconds;
        yield return new BenchRow(
            $"audit of {audit.Counts.Entries:#,##0} entries with their calls", "entries/s", entries, "none", null, null,
            $"took {audit.Took.TotalSeconds:0.00} s; a million in {1_000_000 / entries:0.0} s; gate 5 s, aim 1 s");
        await desk.DisposeAsync();
        await database.DisposeAsync();
        await server.Remove();
    }
}
