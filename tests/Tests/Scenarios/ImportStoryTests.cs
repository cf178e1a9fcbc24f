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
