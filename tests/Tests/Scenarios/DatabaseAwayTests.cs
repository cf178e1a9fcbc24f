using System.Diagnostics;
using Dapper;
using Npgsql;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>A database that is away for a while, as people at a browser meet it.</summary>
[Trait("Category", "needs-postgres")]
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task A_page_says_that_the_database_is_away_and_comes_back_by_itself_and_who_was_signed_in_still_is()
    {
        await using var served = await Served.Start(DatabaseKind.Postgres);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        long? account;
        await using (var connection = await served.Installation.Database.Connect())
            account = await AccountStore.FindNo(connection, customer.Id);
        await served.User(shop.Provider, "ana@example.com", Served.Password, account);
        using var ana = await served.SignedIn(shop.Provider, "ana@example.com");
        var calls = await ana.Open("/calls?direction=inbound");
        Assert.Equal(200, calls.Status);

        await Allow(served, false);
        var away = await ana.Open("/calls?direction=inbound");
        Assert.True(away.Status == 503, away.Text);
        var name = away.Document.QuerySelector(".error-name code")?.TextContent;
        Assert.Equal((503, "database_away"), (away.Status, name));
        Assert.Equal("5", away.Headers["Retry-After"]);
        Assert.Equal("5", away.Document.Body!.GetAttribute("data-comes-back"));
        Assert.Equal("10", away.Document.QuerySelector("noscript meta[http-equiv=refresh]")?.GetAttribute("content"));
        Assert.Equal("/calls?direction=inbound", away.Document.QuerySelector(".error-page a")?.GetAttribute("href"));
        // What was sent cannot be looked at: it leads to the start, and not to an address that takes forms only.
        var sent = await ana.Submit(calls, "/language", ("language", "fr"));
        Assert.Equal(503, sent.Status);
        Assert.Null(sent.Document.QuerySelector("meta[http-equiv=refresh]"));
        Assert.Null(sent.Document.Body!.GetAttribute("data-comes-back"));
        Assert.Equal("/", sent.Document.QuerySelector(".error-page a")?.GetAttribute("href"));

        await Allow(served, true);
        var begun = Stopwatch.GetTimestamp();
        while ((await ana.Open("/calls?direction=inbound")).Status != 200)
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "the page did not come back");
    }

    static async Task Allow(Served served, bool connections)
    {
        var settings = new NpgsqlConnectionStringBuilder(served.Test.ConnectionString);
        var name = settings.Database!;
        settings.Database = "postgres";
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.ExecuteAsync(
            $"alter database \"{name}\" with allow_connections {(connections ? "true" : "false")}");
        if (!connections)
        {
            await connection.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = @name", new { name });
        }
    }
}
