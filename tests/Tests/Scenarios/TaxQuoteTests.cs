using System.Text.Json.Nodes;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What taxes come to, asked by a program and on the command line.</summary>
public sealed class TaxQuoteTests
{
    const string Quebec =
        """{"lines":[{"code":"GST","rate":"0.05","base":"100.00","tax":"5.00","exempt":false},"""
        + """{"code":"QST","rate":"0.09975","base":"100.00","tax":"9.98","exempt":false}"""
        + """],"base":"100.00","tax":"14.98","total":"114.98"}""";

    const string Asked = """{"country":"CA","province":"QC","date":"2026-02-10","base":"100.00","currency":"CAD"}""";

    [BothDatabases]
    public async Task R43_A_program_asks_what_a_deposit_costs_with_tax(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var key = await Key(served);
        var asked = JsonNode.Parse(Asked)!.AsObject();
        Assert.Equal(Quebec, (await served.Post("/v1/tax/quote", key, asked)).Text);
        asked["province"] = "BC";
        asked["exempt"] = new JsonArray("PST", "RST");
        var exempt = (await served.Post("/v1/tax/quote", key, asked)).Json!;
        Assert.Equal(("105.00", true), ($"{exempt["total"]}", exempt["lines"]![1]!["exempt"]!.GetValue<bool>()));
        asked.Remove("base");
        asked["inclusive"] = "112.00";
        asked.Remove("exempt");
        Assert.Equal("100.00", $"{(await served.Post("/v1/tax/quote", key, asked)).Json!["base"]}");
        foreach (var country in new[] { "US", "FR" })
        {
            asked["country"] = country;
            var abroad = (await served.Post("/v1/tax/quote", key, asked)).Json!;
            Assert.Equal((0, "112.00"), (abroad["lines"]!.AsArray().Count, $"{abroad["base"]}"));
        }
    }

    [Fact]
    public async Task A_question_that_cannot_be_answered_is_refused_with_its_field()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var key = await Key(served);
        foreach (var (field, value, refusal) in new (string, string?, string)[]
        {
            ("country", null, "missing_field"), ("country", "XX", "bad_place"), ("country", "ca", "bad_place"),
            ("province", null, "missing_field"), ("province", "ZZ", "bad_place"), ("province", "", "bad_place"),
            ("date", null, "missing_field"), ("date", "10/02/2026", "bad_date"), ("date", "2026-02-30", "bad_date"),
            ("date", "2009-12-31", "tax_rate_missing"), ("base", null, "missing_field"), ("base", "", "bad_amount"),
            ("base", "1e3", "bad_amount"), ("base", "15,00", "bad_amount"), ("base", "-5", "bad_amount"),
            ("base", "15.001", "bad_amount"), ("base", "9999999999999999", "bad_amount"),
            ("inclusive", "1.00", "missing_field"), ("currency", null, "missing_field"),
            ("currency", "cad", "bad_text"), ("currency", "<b>", "bad_text"),
        })
        {
            var asked = JsonNode.Parse(Asked)!.AsObject();
            if (value is null) asked.Remove(field);
            else asked[field] = value;
            var answer = await served.Post("/v1/tax/quote", key, asked);
            Assert.Equal((field, value, refusal), (field, value, answer.Refusal));
        }
        var unknown = JsonNode.Parse(Asked)!.AsObject();
        unknown["exempt"] = new JsonArray("VAT");
        Assert.Equal("bad_text", (await served.Post("/v1/tax/quote", key, unknown)).Refusal);
    }

    [Fact]
    public async Task The_command_answers_as_the_program_does()
    {
        await using var test = await TestDatabase.New(DatabaseKind.Sqlite);
        string[] asked =
            ["tax", "quote", "--country", "CA", "--province", "QC", "--date", "2026-02-10", "--currency", "CAD"];
        Assert.Equal(Quebec, (await Command(test, [.. asked, "--base", "100.00", "--json"])).Trim());
        Assert.EndsWith(
            "100.00 + 14.98 = 114.98 CAD", (await Command(test, [.. asked, "--inclusive", "114.98"])).Trim(),
            StringComparison.Ordinal);
        Assert.Contains(
            Refusals.Of(Refusal.BadAmount).English, await Command(test, [.. asked, "--base", "1e3"]),
            StringComparison.Ordinal);
    }

    static async Task<string> Key(Served served)
    {
        var shop = await served.Shop("retail-cad");
        var customer = await shop.Customer();
        var holder = new KeyHolder(KeyKind.Account, shop.Provider.No, await served.AccountNo(customer.Id));
        return (await new IssueKey(served.Installation.Database, served.Clock).Run(holder, "test")).Value.Reveal();
    }

    static async Task<string> Command(TestDatabase test, string[] arguments)
    {
        var log = Path.Combine(test.Folder, $"{Guid.NewGuid():N}.log");
        await using var program = ChildProgram.Start(
            "dotnet", log, [Path.Combine(AppContext.BaseDirectory, "tollkeeper.dll"), .. arguments],
            new Dictionary<string, string> { ["TOLLKEEPER_DATA"] = test.Folder });
        await program.End(TimeSpan.FromSeconds(60));
        return await File.ReadAllTextAsync(log) + await File.ReadAllTextAsync(log + ".err");
    }
}
