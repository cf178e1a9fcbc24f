using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Bad input gets a named refusal and a sentence, and leaves nothing behind.</summary>
public sealed class RefusedAtTheDoorTests
{
    const string Good = """
        {"switch":"sw1","call":"c","account":"ACC","direction":"outbound",
         "from":"+12125550100","to":"+14165550100"}
        """;

    public static TheoryData<string, string, int, string> Bodies => new()
    {
        { "/v1/calls/authorize", "", 400, "malformed_json" },
        { "/v1/calls/authorize", "{", 400, "malformed_json" },
        { "/v1/calls/authorize", "[]", 400, "malformed_json" },
        { "/v1/calls/authorize", "null", 400, "malformed_json" },
        { "/v1/calls/authorize", Good + "x", 400, "malformed_json" },
        { "/v1/calls/authorize", "{}", 400, "missing_field" },
        { "/v1/calls/authorize", """{"switch":"a b","call":"c"}""", 422, "bad_switch" },
        { "/v1/calls/authorize", Calling("""a\u0000b"""), 422, "bad_call_id" },
        { "/v1/calls/authorize", Calling("""\ud800"""), 400, "malformed_json" },
        { "/v1/calls/authorize", Calling(new string('x', 129)), 422, "bad_call_id" },
        { "/v1/calls/authorize", Calling(new string('x', 100_000)), 413, "too_large" },
        { "/v1/calls/authorize", Good.Replace("outbound", "sideways"), 422, "bad_direction" },
        { "/v1/calls/authorize", Good.Replace("+14165550100", "abc"), 422, "bad_number" },
        { "/v1/calls/authorize", Good.Replace("ACC", "nobody"), 404, "unknown_account" },
        { "/v1/calls/renew", """{"switch":"sw1","call":"nope","elapsedSeconds":10}""", 404, "unknown_call" },
        { "/v1/calls/renew", """{"switch":"sw1","call":"nope","elapsedSeconds":-1}""", 422, "bad_seconds" },
        { "/v1/calls/renew", """{"switch":"sw1","call":"nope"}""", 400, "missing_field" },
        { "/v1/calls/end", Ending(seconds: "1e99"), 422, "bad_seconds" },
        { "/v1/calls/end", Ending(seconds: "1.5"), 422, "bad_seconds" },
        { "/v1/calls/end", Ending(seconds: "9999999"), 422, "bad_seconds" },
        { "/v1/calls/end", Ending(at: "yesterday"), 422, "bad_instant" },
        { "/v1/calls/end", Ending(at: "2027-03-02T15:00:00Z"), 422, "bad_instant" },
        {
            "/v1/calls/end", Ending(at: "2026-03-02T13:00:00Z", answeredAt: "2026-03-02T14:00:00Z"),
            422, "end_before_start"
        },
        { "/v1/calls/end", Ending(disposition: "happy"), 422, "bad_disposition" },
        { "/v1/calls/end", Ending(disposition: "ANSWERED"), 404, "unknown_call" },
        { "/v1/queries", Asking("lrn"), 422, "bad_text" },
    };

    static string Calling(string call) => Good.Replace("\"call\":\"c\"", $"\"call\":\"{call}\"");

    static string Ending(
        string seconds = "1", string at = "2026-03-02T15:00:00Z", string disposition = "answered",
        string? answeredAt = null)
    {
        var answered = answeredAt is null ? "" : $"\"answeredAt\":\"{answeredAt}\",";
        return $$"""
            {"switch":"sw1","call":"nope",{{answered}}"endedAt":"{{at}}","seconds":{{seconds}},
             "disposition":"{{disposition}}"}
            """;
    }

    static string Asking(string kind) =>
        $$"""{"switch":"sw1","query":"q","account":"ACC","kind":"{{kind}}","number":"+12125550100"}""";

    [Fact]
    public async Task Each_bad_body_is_refused_by_name_in_three_languages_and_changes_nothing()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        foreach (var row in Bodies)
        {
            var (path, body) = ((string)row[0], ((string)row[1]).Replace("ACC", customer.Id));
            var (status, refusal) = ((int)row[2], (string)row[3]);
            var told = body[..Math.Min(200, body.Length)];
            foreach (var language in new[] { "en", "fr-CA", "es" })
            {
                var answer = await served.Send(
                    HttpMethod.Post, path, shop.SwitchKey,
                    new StringContent(body, Encoding.UTF8, "application/json"), language);
                Assert.Equal((told, status, refusal), (told, answer.Status, answer.Refusal));
                Assert.Equal(Refusals.Named(refusal)!.In(language), answer.Json!["title"]!.ToString());
            }
        }
        Assert.Equal("0.000000", (await customer.Balance())["held.amount"]);
    }

    [BothDatabases]
    public async Task Keys_open_what_they_are_for_and_a_revoked_one_opens_nothing(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        var other = await shop.Customer("20.00");
        Assert.Equal("unknown_key", (await served.Get("/v1/balance", "tk_account_nonsense")).Refusal);
        Assert.Equal(401, (await served.Send(HttpMethod.Get, "/v1/balance", null, null)).Status);
        Assert.Equal("key_not_for_this", (await served.Get("/v1/balance", shop.SwitchKey)).Refusal);
        foreach (var path in new[] { "/v1/calls/authorize", $"/v1/accounts/{customer.Id}/deposits" })
            Assert.Equal("key_not_for_this", (await served.Post(path, customer.OwnKey, new JsonObject())).Refusal);
        var others = $"/v1/balance?account={other.Id}";
        Assert.Equal("10.000000", (await served.Get(others, customer.OwnKey))["balance.amount"]);
        Assert.Equal("20.000000", (await served.Get(others, customer.OperatorKey))["balance.amount"]);

        Assert.Equal(200, (await shop.Authorize("c1", customer.Id)).Status);
        await new RevokeKey(served.Installation.Database, served.Clock).Run(shop.SwitchKey.Split('_')[2], "test");
        await served.Refresh();
        var revoked = await shop.Authorize("c2", customer.Id);
        Assert.Equal((401, "503"), (revoked.Status, revoked["sip"]));
    }

    [BothDatabases]
    public async Task Another_providers_switch_neither_sees_nor_moves_an_account(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop("retail-usd");
        var rival = await served.Shop("retail-cad");
        var customer = await shop.Customer("10.00");
        Assert.Equal("unknown_account", (await rival.Authorize("c1", customer.Id)).Refusal);
        Assert.Equal(200, (await shop.Authorize("c1", customer.Id)).Status);
        Assert.Equal("unknown_call", (await rival.End("c1", 60)).Refusal);
        var stranger = await shop.Customer("10.00");
        var repeat = await shop.Authorize("c1", stranger.Id);
        Assert.Equal((409, "repeated_differently", null), (repeat.Status, repeat.Refusal, repeat["first"]));
        Assert.Equal(200, (await shop.End("c1", 60)).Status);
    }

    [BothDatabases]
    public async Task One_bad_line_of_an_import_never_stops_the_rest_and_a_repeat_charges_nothing(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("0.01");
        var lines = Enumerable.Range(1, 9).Select(n => n switch
        {
            3 => "not json",
            5 => Line("i5", customer.Id).Replace("\"seconds\":61", "\"seconds\":-5", StringComparison.Ordinal),
            7 => Line("i7", "nobody"),
            9 => Line("i1", customer.Id),
            _ => Line($"i{n}", customer.Id),
        });
        var body = string.Join('\n', lines);
        var first = await Import(served, shop, body, "application/x-ndjson");
        Assert.Equal(
            """
            {"accepted":5,"repeated":1,"refused":[{"line":3,"refusal":"malformed_json"},
            {"line":5,"refusal":"bad_seconds"},{"line":7,"refusal":"unknown_account"}]}
            """.OneLine(), first.Text);
        Assert.Equal("-0.490000", (await customer.Balance())["balance.amount"]);
        Assert.Equal("6", (await Import(served, shop, body, "application/x-ndjson"))["repeated"]);
        Assert.Equal("-0.490000", (await customer.Balance())["balance.amount"]);
        var csv = $"""
            switch,call,account,direction,from,to,ended_at,seconds,disposition
            sw1,k1,{customer.Id},outbound,+12125550100,+14165550100,2026-03-02T15:02:00Z,61,answered

            """;
        Assert.Equal("1", (await Import(served, shop, csv, "text/csv"))["accepted"]);
        Assert.Equal("-0.590000", (await customer.Balance())["balance.amount"]);
    }

    [BothDatabases]
    public async Task R28_R29_A_name_query_costs_its_fee_once_and_needs_the_money_for_it(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("0.015");
        var body = new JsonObject
        {
            ["switch"] = "sw1",
            ["query"] = "q1",
            ["account"] = customer.Id,
            ["kind"] = "cnam",
            ["number"] = "+12125550100",
        };
        var first = await served.Post("/v1/queries", shop.SwitchKey, body);
        Assert.Equal(("0.008000", "0.007000"), (first["charge.amount"], first["balance.amount"]));
        Assert.Equal(first.Text, (await served.Post("/v1/queries", shop.SwitchKey, body)).Text);
        body["query"] = "q2";
        Assert.Equal("insufficient_funds", (await served.Post("/v1/queries", shop.SwitchKey, body)).Refusal);
    }

    [BothDatabases]
    public async Task Deposits_are_taken_once_and_entries_are_read_in_pages_of_the_own_account(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer();
        var first = await customer.Deposit("10.00", key: "d1");
        Assert.Equal(first.Text, (await customer.Deposit("10.00", key: "d1")).Text);
        var differently = await served.Post($"/v1/accounts/{customer.Id}/deposits", customer.OperatorKey, new JsonObject
        {
            ["key"] = "d1",
            ["amount"] = new JsonObject { ["amount"] = "11.00", ["currency"] = "USD" },
        });
        Assert.Equal((409, "10.000000"), (differently.Status, differently["first.balance.amount"]));
        var wrongMoney = await served.Post($"/v1/accounts/{customer.Id}/deposits", customer.OperatorKey, new JsonObject
        {
            ["key"] = "d2",
            ["amount"] = new JsonObject { ["amount"] = "11.00", ["currency"] = "CAD" },
        });
        Assert.Equal("currency_mismatch", wrongMoney.Refusal);
        var reversal = await served.Post($"/v1/accounts/{customer.Id}/reversals", customer.OperatorKey, new JsonObject
        {
            ["seq"] = 1,
            ["reason"] = "typed twice",
        });
        Assert.Equal("0.000000", reversal["balance.amount"]);
        var entries = (await served.Get("/v1/entries", customer.OwnKey)).Json!["entries"]!.AsArray();
        Assert.Equal(["deposit", "reversal"], entries.Select(entry => entry!["kind"]!.ToString()));
        Assert.Equal("1", entries[1]!["reversesSeq"]!.ToString());
    }

    [BothDatabases]
    public async Task A_key_that_another_account_used_is_refused_and_tells_nothing_of_it(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var (one, two) = (await shop.Customer(), await shop.Customer());
        await one.Deposit("10.00", key: "k1");
        var deposit = new JsonObject
        {
            ["key"] = "k1",
            ["amount"] = new JsonObject { ["amount"] = "10.00", ["currency"] = "USD" },
        };
        var answer = await served.Post($"/v1/accounts/{two.Id}/deposits", two.OperatorKey, deposit);
        Assert.Equal((409, "repeated_differently", null), (answer.Status, answer.Refusal, answer["first.balance"]));
        Assert.Equal("0.000000", (await two.Balance())["balance.amount"]);
    }

    [BothDatabases]
    public async Task A_direction_of_nothing_and_an_account_of_no_text_are_refused_by_name(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer();
        var nothing = new JsonObject { ["reason"] = "fraud", ["blocks"] = new JsonArray([null]) };
        var blocked = await served.Post($"/v1/accounts/{customer.Id}/suspensions", customer.OperatorKey, nothing);
        Assert.Equal((422, "bad_direction"), (blocked.Status, blocked.Refusal));
        var unknown = await served.Get("/v1/balance?account=%00", customer.OperatorKey);
        Assert.Equal((404, "unknown_account"), (unknown.Status, unknown.Refusal));
        var never = await served.Get("/v1/entries?from=9999-12-31T23:59:59-01:00", customer.OwnKey);
        Assert.Equal("bad_instant", never.Refusal);
    }

    [BothDatabases]
    public async Task Entries_are_read_from_one_instant_up_to_another(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer();
        var begun = served.Clock.Now;
        for (var hour = 0; hour < 9; hour++)
        {
            await customer.Deposit($"{hour + 1}.00");
            await served.Move(Duration.FromHours(1));
        }
        Assert.Equal(["4", "5", "6"], await Between($"from={At(3)}&to={At(6)}"));
        Assert.Equal(["8", "9"], await Between($"from={At(7)}"));
        Assert.Equal(["1"], await Between($"to={At(1)}"));
        Assert.Empty(await Between($"from={At(100)}"));
        Assert.Empty(await Between($"to={At(-100)}"));

        string At(int hour) => (begun + Duration.FromHours(hour)).ToString();

        async Task<string[]> Between(string query) =>
            [.. (await served.Get("/v1/entries?" + query, customer.OwnKey)).Json!["entries"]!.AsArray()
                .Select(entry => entry!["seq"]!.ToString())];
    }

    static Task<Answer> Import(Served served, Shop shop, string body, string type) => served.Send(
        HttpMethod.Post, "/v1/calls/import", shop.SwitchKey, new StringContent(body, Encoding.UTF8, type));

    static string Line(string call, string account) =>
        $$"""
        {"switch":"sw1","call":"{{call}}","account":"{{account}}","direction":"outbound",
        "from":"+12125550100","to":"+14165550100",
        "endedAt":"2026-03-02T15:02:00Z","seconds":61,"disposition":"answered"}
        """.OneLine();
}
