using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// Two processes of the real program over one PostgreSQL, asked at the same moments about one account: what is limited
/// is limited once.
/// </summary>
[Trait("Category", "needs-postgres")]
public class TwoServersTests
{
    const string Satellite = "+870773111632";
    const string Toronto = "+14165550100";
    const long FirstQuotaMicros = 22_500_000;

    [Fact]
    public async Task Of_200_calls_at_once_at_two_servers_exactly_the_20_that_the_money_affords_are_let_through_R48()
    {
        await using var one = await KilledServer.Furnish(DatabaseKind.Postgres, 20 * FirstQuotaMicros);
        await using var two = one.Another();
        var answers = await Ask(one, two, 200, Satellite);
        Assert.Equal((20, 180), (Count(answers, null), Count(answers, "insufficient_funds")));
        await Audited.Clean(one.Test.Database, "after the crowd");
    }

    [Fact]
    public async Task R68_Seven_channels_at_two_servers_are_seven()
    {
        await using var one = await KilledServer.Furnish(DatabaseKind.Postgres, 1_000_000_000, channels: 7);
        await using var two = one.Another();
        var answers = await Ask(one, two, 60, Toronto);
        Assert.Equal((7, 53), (Count(answers, null), Count(answers, "channels_exceeded")));
        await Audited.Clean(one.Test.Database, "after the crowd");
    }

    [Fact]
    public async Task R69_Five_calls_per_second_at_two_servers_are_five_and_five_more_each_second()
    {
        await using var one = await KilledServer.Furnish(DatabaseKind.Postgres, 1_000_000_000, callsPerSecond: 5);
        await using var two = one.Another();
        var begun = Stopwatch.GetTimestamp();
        var answers = await Ask(one, two, 60, Toronto, () => begun = Stopwatch.GetTimestamp());
        var most = 5 + (int)Math.Ceiling(5 * Stopwatch.GetElapsedTime(begun).TotalSeconds);
        Assert.InRange(Count(answers, null), 5, most);
        Assert.Equal(60, Count(answers, null) + Count(answers, "cps_exceeded"));
    }

    static async Task<string?[]> Ask(
        KilledServer one, KilledServer two, int calls, string to, Action? atOnce = null)
    {
        await Task.WhenAll(one.Start(), two.Start());
        atOnce?.Invoke();
        return await Task.WhenAll(Enumerable.Range(0, calls).Select(async n =>
        {
            string? refusal;
            // A slow machine decides nothing of some of the crowd in time: a switch asks again, and so do we.
            do refusal = await Authorize(n % 2 == 0 ? one : two, $"sw{n % 2}", $"c{n}", to);
            while (refusal == "busy");
            return refusal;
        }));
    }

    static async Task<string?> Authorize(KilledServer server, string name, string call, string to)
    {
        var answer = await server.Post("/v1/calls/authorize", new JsonObject
        {
            ["switch"] = name,
            ["call"] = call,
            ["account"] = server.Account,
            ["direction"] = "outbound",
            ["from"] = "+12125550100",
            ["to"] = to,
        });
        Assert.NotNull(answer);
        return answer.Value.Status == HttpStatusCode.OK ? null : answer.Value.Body!["refusal"]!.ToString();
    }

    static int Count(string?[] answers, string? refusal) => answers.Count(answer => answer == refusal);
}
