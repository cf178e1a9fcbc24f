using System.Diagnostics;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host;
using Tollkeeper.Tests.Engine;

namespace Tollkeeper.Bench;

/// <summary>
/// Pages of staff among very many customers and records, over HTTP against a server in a process of its own: finding a
/// customer, the customer's page, the audit trail.
/// </summary>
static class OfficeBench
{
    const int Staff = 50;
    const int PagesPerSecond = 50;
    const int Samples = 200;

    const string Goal = "goal p50 10 ms, p99 50 ms";

    public static async IAsyncEnumerable<BenchRow> Run(bool quick)
    {
        var server = await PostgresServer.Own();
        await using (var database = await CallsBench.PostgresDatabase(server))
        {
            var (accounts, records) = quick ? (20_000, 200_000L) : (1_000_000, 10_000_000L);
            await foreach (var row in Run(database, accounts, records, quick)) yield return row;
        }
        await server.Remove();
    }

    static async IAsyncEnumerable<BenchRow> Run(Database database, int accounts, long records, bool quick)
    {
        using var folder = new BenchFolder();
        var begun = Stopwatch.GetTimestamp();
        int providerNo;
        await using (var desk = await CallDesk.Open(database, 1))
        {
            providerNo = desk.ProviderNo;
            await using var connection = await database.Connect();
            var first = await AccountStore.FindNo(connection, desk.AccountIds[0]);
            await BenchStore.CopyAccount(database, first!.Value, 1, accounts - 1);
        }
        await MailBenchStore.AddUsers(database);
        await OfficeBenchStore.Furnish(database);
        var customersTook = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var settings = new Settings(
            folder.Path, database.Postgres.ConnectionString, "http://127.0.0.1:0", CheckSchemaOnly: false);
        using var served = await ServedProcess.Start(settings.Database, settings.DataFolder);
        using var readers = await Readers.SignIn(served, database, settings, providerNo, Staff, staff: true);
        begun = Stopwatch.GetTimestamp();
        await OfficeBenchStore.Record(database, records, SystemClock.Instance.GetCurrentInstant().ToMicros());
        var recordsTook = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        yield return new BenchRow(
            $"{accounts:#,##0} customers, {records:#,##0} records", "rows/s",
            (accounts + records) / (customersTook + recordsTook), "none", null, null,
            $"written in {customersTook:0} s and {recordsTook:0} s");

        var pages = await Pages(database);
        await readers.Paced(
            [.. pages.SelectMany(page => page.Paths.Take(20))], PagesPerSecond, TimeSpan.FromSeconds(quick ? 5 : 20));
        foreach (var (name, paths) in pages)
        {
            var before = served.Processor;
            var paced = await readers.Paced(paths, PagesPerSecond, TimeSpan.FromSeconds(quick ? 3 : 15));
            var used = (served.Processor - before).TotalMilliseconds / paced.Taken.Count;
            yield return new BenchRow(
                $"office {name}", "pages/s", paced.PerSecond, "none", null, null,
                $"{paced.Taken}, {paced.Failed} failed, {used:0.00} ms of the server's processor; {Goal}");
        }
    }

    static async Task<IReadOnlyList<(string Name, string[] Paths)>> Pages(Database database)
    {
        var some = await OfficeBenchStore.Some(database, Samples);
        var staff = await OfficeBenchStore.StaffIds(database);
        return
        [
            ("customers", ["/office/customers"]),
            ("search, rare word", Each(one => Search(one.Name.Split(' ')[2]))),
            ("search, word of a tenth", [Search("north"), Search("contoso"), Search("fabri")]),
            ("search, two words of many", [Search("northwind telecom"), Search("voi contoso"), Search("inc lucerne")]),
            ("search, e-mail", Each(one => Search($"bills{one.No}@example.com"))),
            ("search, telephone", Each(one => Search($"514{one.No % 10_000_000:0000000}"))),
            ("search, id", Each(one => Search(one.Id))),
            ("customer", Each(one => $"/office/customers/{one.Id}")),
            ("audit", ["/office/audit"]),
            ("audit of a person", [.. staff.Select(id => "/office/audit?person=" + id)]),
            ("audit of a person's act", [.. staff.Select(id => $"/office/audit?act=approved&person={id}")]),
            ("audit of a customer", Each(one => "/office/audit?account=" + one.Id)),
            ("audit of an act, a month ago", ["/office/audit?act=suspended&to=" + AMonthAgo()]),
            ("audit of a record", Each(one => $"/office/audit?record=subject%20{one.No - 1}")),
        ];

        string[] Each(Func<(long No, string Id, string Name), string> path) => [.. some.Select(path)];
    }

    static string Search(string typed) => "/office/customers?q=" + Uri.EscapeDataString(typed);

    static string AMonthAgo() => NodaTime.Text.LocalDatePattern.Iso.Format(
        (SystemClock.Instance.GetCurrentInstant() - Duration.FromDays(30)).InUtc().Date);
}
