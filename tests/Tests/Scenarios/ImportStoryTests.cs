using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Files of finished calls that nobody was asked about.</summary>
public class ImportStoryTests
{
    /// <summary>More than are kept in memory, so that they are read in turn while lines wait for them.</summary>
    const int Days = 7;

    [BothDatabases]
    public async Task RATE_09_Finished_calls_of_many_days_are_each_charged_by_the_deck_of_their_own_day_R48(
        DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("100.00");
        var first = served.Clock.Now;
        for (var day = 1; day <= Days; day++)
        {
            var import = await new ImportDeck(served.Installation.Database, served.Clock).Run(new DeckImport(
                shop.DeckNo, Rounding.Micros, ZeroRates: false, first + Duration.FromDays(day),
                [SomeRates.Row("1", "North America", day * 1_000_000, 60, 60)], "", "test"));
            Assert.True(import.Accepted, import.Refused?.ToString());
        }
        await served.Move(Duration.FromDays(Days + 2));
        var lines = new StringBuilder();
        for (var n = 0; n < 20 * Days; n++)
        {
            var day = 1 + n % Days;
            lines.Append(Line($"old{n}", customer.Id, first + Duration.FromDays(day) + Duration.FromMinutes(10 + n)));
        }
        var sent = lines.ToString();
        var answer = await Import(served, shop, sent);
        Assert.Equal((200, "140", "0"), (answer.Status, answer["accepted"], answer["repeated"]));
        Assert.Empty(answer.Json!["refused"]!.AsArray());
        // 20 minutes on each day, at 0.01, 0.02, … 0.07.
        Assert.Equal("94.400000", (await customer.Balance())["balance.amount"]);
        var again = await Import(served, shop, sent);
        Assert.Equal(("0", "140"), (again["accepted"], again["repeated"]));
        Assert.Equal("94.400000", (await customer.Balance())["balance.amount"]);
        await Audited.Clean(served.Installation.Database, "after the import");
    }

    [BothDatabases]
    public async Task The_record_of_a_call_whose_end_never_came_is_its_late_end_and_charges_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        var other = await shop.Customer("10.00");
        await shop.Authorize("lost", customer.Id);
        await shop.Authorize("told", customer.Id);
        await shop.End("told", 60);
        var record = Line("lost", customer.Id, served.Clock.Now);
        var told = Line("told", customer.Id, served.Clock.Now);
        await served.Move(Duration.FromMinutes(2));
        var early = await Import(served, shop, record + told);
        Assert.Equal("1", early["repeated"]);
        Assert.Equal("call_in_progress", early.Json!["refused"]![0]!["refusal"]!.ToString());
        await served.Move(Duration.FromMinutes(11));
        Assert.Equal(1, await served.Installation.Expire.Expire());
        var foreign = await Import(served, shop, record.Replace(customer.Id, other.Id, StringComparison.Ordinal));
        Assert.Equal("repeated_differently", foreign.Json!["refused"]![0]!["refusal"]!.ToString());
        Assert.Equal("1", (await Import(served, shop, record))["accepted"]);
        Assert.Equal("1", (await Import(served, shop, record))["repeated"]);
        Assert.Equal(200, (await shop.End("lost", 60)).Status);
        Assert.Equal(("9.900000", "0.000000"),
            ((await customer.Balance())["balance.amount"], (await customer.Balance())["held.amount"]));
        Assert.Equal("10.000000", (await other.Balance())["balance.amount"]);
        await Audited.Clean(served.Installation.Database, "after the late end");
    }

    [BothDatabases]
    public async Task A_line_in_another_encoding_or_at_no_instant_is_refused_and_the_next_is_taken(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        var good = Line("good", customer.Id, served.Clock.Now);
        var never = good.Replace("good", "never", StringComparison.Ordinal).Replace(
            InstantPattern.General.Format(served.Clock.Now + Duration.FromSeconds(60)), "9999-12-31T23:59:59-01:00",
            StringComparison.Ordinal);
        var answer = await Import(served, shop, never + good);
        Assert.Equal((200, "1"), (answer.Status, answer["accepted"]));
        Assert.Equal("bad_instant", answer.Json!["refused"]![0]!["refusal"]!.ToString());
        const string header = "switch,call,account,direction,from,to,ended_at,seconds,disposition\n";
        var line = $"sw1,caf\u00e9,{customer.Id},outbound,+12125550100,+14165550100,2026-03-02T15:02:00Z,61,answered\n";
        using var latin = new ByteArrayContent(Encoding.Latin1.GetBytes(header + line));
        latin.Headers.ContentType = new("text/csv");
        var csv = await served.Send(HttpMethod.Post, "/v1/calls/import", shop.SwitchKey, latin);
        Assert.Equal("file_not_utf8", csv.Json!["refused"]![0]!["refusal"]!.ToString());
    }

    static Task<Answer> Import(Served served, Shop shop, string body) => served.Send(
        HttpMethod.Post, "/v1/calls/import", shop.SwitchKey,
        new StringContent(body, Encoding.UTF8, "application/x-ndjson"));

    static string Line(string call, string account, Instant answered) => new JsonObject
    {
        ["switch"] = "sw1",
        ["call"] = call,
        ["account"] = account,
        ["direction"] = "outbound",
        ["from"] = "+12125550100",
        ["to"] = "+14165550100",
        ["answeredAt"] = InstantPattern.General.Format(answered),
        ["endedAt"] = InstantPattern.General.Format(answered + Duration.FromSeconds(60)),
        ["seconds"] = 60,
        ["disposition"] = "answered",
    }.ToJsonString() + "\n";
}
