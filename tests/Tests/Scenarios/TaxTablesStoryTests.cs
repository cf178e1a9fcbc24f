using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Staff extend the tax tables, the provider's registrations and the exchange rates on pages.</summary>
public sealed class TaxTablesStoryTests
{
    const string British = "/office/taxes/CA-BC";

    [BothDatabases]
    public async Task A_new_rate_shows_what_it_changes_is_entered_once_and_counts_from_its_day(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, olga) = await Stage(served);
        Assert.Contains("GST 5% + PST 7%", (await olga.Open("/office/taxes")).Text, StringComparison.Ordinal);
        (string, string)[] wanted = [("Code", "PST"), ("Rate", "8,5"), ("From", "2026-04-01")];
        var form = await olga.Open(British);
        // Pressed at once, without having seen it: it is shown.
        var shown = await olga.Submit(form, "rate", [.. wanted, ("Do", "enter")]);
        Assert.Contains("PST 8.5% from Apr 1, 2026", shown.Text, StringComparison.Ordinal);
        Assert.Matches("113[.]50.* instead of .*112[.]00", shown.Text);
        // Changed after it was shown: it is shown again.
        var again = await olga.Submit(shown, "rate", [.. wanted, ("Rate", "9"), ("Do", "enter")]);
        Assert.Equal((200, true), (again.Status, again.Text.Contains("PST 9%", StringComparison.Ordinal)));
        Assert.Equal(303, (await olga.Submit(shown, "rate", [.. wanted, ("Do", "enter")])).Status);
        Assert.Equal(303, (await olga.Submit(shown, "rate", [.. wanted, ("Do", "enter")])).Status);
        await served.Refresh();
        Assert.Contains("PST 8.5% from Apr 1, 2026", (await olga.Open("/office/taxes")).Text, StringComparison.Ordinal);
        var record = Assert.Single(await served.Records(shop.Provider), one => one.Act == "tax_rates_added");
        Assert.Equal(("CA-BC PST", "PST 8.5000 % from 2026-04-01"), (record.Subject, record.After));
        await using var connection = await served.Installation.Database.Connect();
        var table = await SalesTaxStore.Read(connection);
        Assert.Equal(70_000, table.Of("CA-BC", new LocalDate(2026, 3, 31)).Value[1].PartsPerMillion);
        Assert.Equal(85_000, table.Of("CA-BC", new LocalDate(2026, 4, 1)).Value[1].PartsPerMillion);
    }

    [BothDatabases]
    public async Task What_is_no_rate_is_refused_at_its_field_and_what_was_typed_stays(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, olga) = await Stage(served);
        var form = await olga.Open(British);
        foreach (var (code, rate, from, refusal) in new[]
        {
            ("", "7", "2026-04-01", "field_empty"), ("PST", "", "2026-04-01", "bad_tax_rate"),
            ("PST", "1e3", "2026-04-01", "bad_tax_rate"), ("PST", "-5", "2026-04-01", "bad_tax_rate"),
            ("PST", "51", "2026-04-01", "bad_tax_rate"), ("PST", "7.12345", "2026-04-01", "bad_tax_rate"),
            ("PST", "８", "2026-04-01", "bad_tax_rate"), ("PST", "🎈", "2026-04-01", "bad_tax_rate"),
            ("PST", "8", "", "bad_date"), ("PST", "8", "2026-02-30", "bad_date"),
            ("PST", "8", "2026-03-01", "tax_date_past"), ("PST", "8", "2099-01-01", "bad_date"),
            ("<script>", "8", "2026-04-01", "bad_text"), ("PST", "8", "\u202e2026-04-01", "bad_date"),
        })
        {
            var refused = await olga.Submit(form, "rate", ("Code", code), ("Rate", rate), ("From", from));
            Assert.Equal((code, rate, from, 422, refusal), (code, rate, from, refused.Status, refused.Refusal));
            Assert.Equal(rate, refused.Field("Rate"));
        }
        await served.User(shop.Provider, "sue@example.com", Served.Password, role: Role.Support);
        using var sue = await served.SignedIn(shop.Provider, "sue@example.com");
        Assert.Null((await sue.Open(British)).Document.QuerySelector("main input[name=Rate]"));
        Assert.Equal(404, (await olga.Open("/office/taxes/CA-XX")).Status);
    }

    [BothDatabases]
    public async Task R39_A_registration_is_entered_and_ended_on_its_page(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, olga) = await Stage(served);
        const string path = "/office/taxes/registrations";
        var form = await olga.Open(path);
        foreach (var (register, number, from, to, refusal) in new[]
        {
            ("", "PST-1234-5678", "2022-04-01", "", "field_empty"), ("9", "x", "2022-04-01", "", "field_empty"),
            ("3", "", "2022-04-01", "", "bad_tax_number"), ("3", "PST 🎈", "2022-04-01", "", "bad_tax_number"),
            ("3", "<b>x</b>", "2022-04-01", "", "bad_tax_number"), ("3", "PST-1234-5678", "", "", "bad_date"),
            ("3", "PST-1234-5678", "2022-04-01", "x", "bad_date"),
            ("3", "PST-1234-5678", "2022-04-01", "2022-03-31", "dates_reversed"),
        })
        {
            var refused = await olga.Submit(
                form, "registration", ("Register", register), ("Number", number), ("From", from), ("To", to));
            Assert.Equal((number, from, to, refusal), (number, from, to, refused.Refusal));
        }
        var saved = await olga.FollowAll(await olga.Submit(
            form, "registration", ("Register", "3"), ("Number", " pst-1234-5678"), ("From", "2022-04-01")));
        Assert.Contains("PST, British Columbia PST-1234-5678 Apr 1, 2022", saved.Text, StringComparison.Ordinal);
        Assert.Equal(
            "dates_reversed", (await olga.Submit(saved, "end", ("Open", "3"), ("Last", "2022-03-01"))).Refusal);
        Assert.Equal(303, (await olga.Submit(saved, "end", ("Open", "3"), ("Last", "2026-12-31"))).Status);
        var stale = await olga.Submit(saved, "end", ("Open", "3"), ("Last", "2026-12-31"));
        Assert.Equal((409, "changed_meanwhile"), (stale.Status, stale.Refusal));
        Assert.Contains("Dec 31, 2026", (await olga.Open(path)).Text, StringComparison.Ordinal);
        Assert.Equal(
            2, (await served.Records(shop.Provider)).Count(record => record.Act == "tax_registration_saved"));
    }

    [BothDatabases]
    public async Task TAX_CA_08_An_exchange_rate_is_entered_on_its_page_and_replaced_with_a_remark(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, olga) = await Stage(served);
        const string path = "/office/taxes/exchange";
        var form = await olga.Open(path);
        foreach (var (rate, day, source, refusal) in new[]
        {
            ("0", "2026-03-02", "BoC", "bad_exchange_rate"), ("-1.3", "2026-03-02", "BoC", "bad_exchange_rate"),
            ("1e3", "2026-03-02", "BoC", "bad_exchange_rate"), ("", "2026-03-02", "BoC", "bad_exchange_rate"),
            ("99999999", "2026-03-02", "BoC", "bad_exchange_rate"), ("1.37", "2026-03-03", "BoC", "date_ahead"),
            ("1.37", "soon", "BoC", "bad_date"), ("1.37", "2026-03-02", "", "field_empty"),
            ("1.37", "2026-03-02", "a\u0001", "bad_text"),
        })
        {
            var refused = await olga.Submit(form, "exchange", ("Rate", rate), ("Day", day), ("Source", source));
            Assert.Equal((rate, day, source, refusal), (rate, day, source, refused.Refusal));
            Assert.Equal(rate, refused.Field("Rate"));
        }
        (string, string)[] filled =
            [("Rate", "1,3695"), ("Day", "2026-03-02"), ("Source", "Banque <i>du</i> Canada 🍁")];
        Assert.Equal(303, (await olga.Submit(form, "exchange", filled)).Status);
        Assert.Equal(303, (await olga.Submit(form, "exchange", filled)).Status);
        form = await olga.Open(path);
        Assert.Single(form.Document.QuerySelectorAll("main tbody tr"));
        Assert.Equal("exchange_rate_stands", (await olga.Submit(form, "exchange", filled)).Refusal);
        var replaced = await olga.FollowAll(
            await olga.Submit(form, "exchange", [.. filled, ("Rate", "1.37"), ("Remark", "Misread")]));
        Assert.Contains("1.37 Banque <i>du</i> Canada 🍁Misread", replaced.Text, StringComparison.Ordinal);
        Assert.Contains("1.3695 Banque <i>du</i> Canada 🍁Replaced", replaced.Text, StringComparison.Ordinal);
    }

    static async Task<(Shop Shop, Visitor Olga)> Stage(Served served)
    {
        var shop = await served.Shop();
        await served.User(shop.Provider, "olga@example.com", Served.Password);
        return (shop, await served.SignedIn(shop.Provider, "olga@example.com"));
    }
}
