using Dapper;
using NodaTime;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>R65, R66 and the steps of a deck: from a file to prices in force and customers told.</summary>
public sealed class DeckStoryTests
{
    /// <summary>+1 dearer, +44 cheaper, +870 gone, +33 new, +999 blocked as before.</summary>
    const string NewDeck =
        "dialprefix;destination name;rate;initial;increment;blocked\n+1;North America;0.06;60;60;\n"
        + "44;United Kingdom;0.50;1;1;\n\"33, 34\";France;0.10;;;\n999;Blocked;0.01;1;1;yes\n";

    [BothDatabases]
    public async Task R65_R66_A_new_deck_goes_from_upload_to_effect_and_each_customer_is_told_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, deck, sam) = await Furnish(served);
        var (one, two) = (await shop.Customer("10"), await shop.Customer("10"));
        await Call(served, shop, "c1", one.Id, "+14165550100", 120);
        await Call(served, shop, "c2", one.Id, "+442079460018", 60);
        await Call(served, shop, "c3", two.Id, "+870773111632", 6);
        await served.Move(Duration.FromSeconds(1));
        var desk = new DeckDesk(served, sam, deck);

        var uploaded = await sam.FollowAll(await desk.Upload(NewDeck, "autumn <b>été 🍁.csv"));
        Assert.Contains("autumn <b>été 🍁.csv", uploaded.Text, StringComparison.Ordinal);
        Assert.Contains("+1 North America 0.06 60 60 ", DeckDesk.Rows(uploaded));
        var page = await desk.Check(uploaded, 8);
        Assert.Equal(
            ["2", "1", "1", "1", "0"],
            new[] { "New", "Dearer", "Cheaper", "Removed", "Unchanged" }.Select(name => DeckDesk.Figure(page, name)));
        // 2 min at 0.05 and 1 min at 0.60 become 0.12 and 0.50; the satellite's call has no rate any more.
        Assert.Equal("$0.7000 USD", DeckDesk.Figure(page, "Before"));
        Assert.Equal("$0.6200 USD", DeckDesk.Figure(page, "After"));
        Assert.Contains("1 call would have been refused", page.Text, StringComparison.Ordinal);
        var dearer = await sam.Open(page.Path + "/changes?kind=dearer");
        Assert.Equal(["1 North America 0.0500 0.0600 60/60"], DeckDesk.Rows(dearer));
        Assert.Contains(
            "dearer,1,North America,0.05000000,0.06000000", (await sam.Open(page.Path + "/changes.csv")).Html,
            StringComparison.Ordinal);
        Assert.StartsWith("A customer 2 $0.7000 USD $0.6200 USD ",
            Assert.Single(DeckDesk.Rows(await sam.Open(page.Path + "/effect"))), StringComparison.Ordinal);
        Assert.StartsWith("United Kingdom 1 $0.6000 USD $0.5000 USD ",
            DeckDesk.Rows(await sam.Open(page.Path + "/effect?by=destinations")).First(), StringComparison.Ordinal);

        var pressed = await Task.WhenAll(sam.Submit(page, "ask"), sam.Submit(page, "ask"));
        Assert.All(pressed, answer => Assert.Equal(303, answer.Status));
        var done = await sam.Follow(pressed[0]);
        Assert.Equal("2 customers told", DeckDesk.Figure(done, "Customers"));
        Assert.Equal("Version 2", DeckDesk.Figure(done, "Version"));
        Assert.Equal(2, (await Notices(served)).Count);
        var told = (await Notices(served))[0];
        Assert.Contains("\"United Kingdom\"", told, StringComparison.Ordinal);
        Assert.Contains("\"North America\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("France", told, StringComparison.Ordinal);
        Assert.Equal(
            ["deck_activated", "deck_asked", "deck_uploaded"],
            (await served.Acts(shop.Provider)).Where(act => act.StartsWith("deck", StringComparison.Ordinal)));

        await served.Refresh();
        Assert.Equal(5_000_000, await Price(served, deck, "14165550100"));
        await served.Move(Duration.FromDays(8));
        Assert.Equal(6_000_000, await Price(served, deck, "14165550100"));
    }

    [BothDatabases]
    public async Task Every_bad_line_is_named_and_nothing_is_taken_until_the_columns_are_right(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, deck, sam) = await Furnish(served);
        var desk = new DeckDesk(served, sam, deck);
        var page = await desk.Brought("code,name,price,start\n1,NA,x,2026-04-01\n44,UK,0.5,4/1/2026\n33,F,0,\n", 8,
            ("Column3", "From"));
        Assert.Contains("3 lines cannot be taken", page.Text, StringComparison.Ordinal);
        foreach (var name in new[] { "deck_bad_rate", "deck_bad_date", "deck_zero_rate" })
            Assert.Contains(name, page.Text, StringComparison.Ordinal);
        Assert.Equal(DraftState.Refused, (await desk.Drafts())[0].State);
        // The same file, said otherwise: the odd column holds nothing, dates come month first, zero is meant.
        page = await desk.Check(page, 8, ("Column2", "None"), ("Column3", "Rate"));
        Assert.Contains("deck_bad_rate", page.Text, StringComparison.Ordinal);
        var twice = await sam.Submit(page, "columns", ("Column1", "Rate"), ("Column2", "Rate"));
        Assert.Equal((422, "deck_column_twice"), (twice.Status, twice.Refusal));
        var without = await sam.Submit(page, "columns", ("Column0", "None"));
        Assert.Equal((422, "deck_column_missing"), (without.Status, without.Refusal));
        var absurd = await sam.Submit(page, "columns", ("From", "31/12/2026"));
        Assert.Equal((422, "bad_date"), (absurd.Status, absurd.Refusal));
        var past = await sam.Submit(page, "columns", ("From", "2020-01-01"));
        Assert.Equal((422, "deck_too_soon"), (past.Status, past.Refusal));
        await desk.Do(page, "cancel");
        page = await desk.Brought("code,name,price,start\n1,NA,0.05,\n44,UK,0.5,4/1/2026\n33,F,0,\n", 40,
            ("Column3", "From"), ("Dates", "us"), ("ZeroRates", "yes"));
        Assert.Contains("Checked", page.Text, StringComparison.Ordinal);
        Assert.Equal("1", DeckDesk.Figure(page, "Cheaper"));
    }

    [BothDatabases]
    public async Task An_increase_before_its_notice_needs_a_reason_which_goes_on_record(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, deck, sam) = await Furnish(served);
        var desk = new DeckDesk(served, sam, deck);
        var page = await desk.Brought(NewDeck, 2);
        Assert.Contains("Customers have a right to 7 days’ notice", page.Text, StringComparison.Ordinal);
        var refused = await sam.Submit(page, "ask");
        Assert.Equal((422, "deck_notice_short"), (refused.Status, refused.Refusal));
        var tooLong = await sam.Submit(refused, "ask", ("Reason", new string('x', 301)));
        Assert.Equal((422, "bad_text"), (tooLong.Status, tooLong.Refusal));
        var done = await desk.Do(refused, "ask", ("Reason", "Der Preis von <script>alert(1)</script> مزود"));
        Assert.Equal(
            "Der Preis von <script>alert(1)</script> مزود", DeckDesk.Figure(done, "Reason for shorter notice"));
        Assert.DoesNotContain("<script>alert", done.Html, StringComparison.Ordinal);
        await using var connection = await served.Installation.Database.Connect();
        var details = await connection.ExecuteScalarAsync<string>(
            "select details from audit_record where act = 'deck_asked' and provider_no = @no",
            new { no = shop.Provider.No });
        Assert.Contains("sooner than notice: Der Preis", details, StringComparison.Ordinal);
    }

    [BothDatabases]
    public async Task A_deck_that_raises_nothing_may_take_effect_a_minute_later(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, deck, sam) = await Furnish(served);
        var desk = new DeckDesk(served, sam, deck);
        var page = await desk.Brought("prefix,rate,first,next\n1,0.01,60,60\n44,0.5,1,1\n870,4.5,6,6\n", null);
        Assert.Equal("2", DeckDesk.Figure(page, "Cheaper"));
        await desk.Do(page, "ask");
        var draft = (await desk.Drafts())[0];
        Assert.Equal((DraftState.Activated, 2), (draft.State, draft.DeckVersion));
        Assert.Equal(served.Clock.Now + Duration.FromSeconds(60), draft.EffectiveFrom);
    }

    [BothDatabases]
    public async Task Where_the_policy_asks_a_second_person_approves_and_not_the_first(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, deck, sam) = await Furnish(served, "wholesale-usd");
        await served.Engineer(shop.Provider, "olga@example.com");
        using var olga = await served.SignedIn(shop.Provider, "olga@example.com");
        var (first, second) = (new DeckDesk(served, sam, deck), new DeckDesk(served, olga, deck));
        var page = await first.Do(await first.Brought(NewDeck, 8), "ask");
        Assert.Contains("Waits for approval", page.Text, StringComparison.Ordinal);
        Assert.Contains("somebody else of the staff approves it", page.Text, StringComparison.Ordinal);
        Assert.Equal(1, await Versions(served, deck));

        var hers = await olga.Open(page.Path);
        // Sam sends the form that is Olga's.
        var forged = hers.Document.QuerySelector("input[name=ApproveVersion]")!.GetAttribute("value")!;
        var own = await sam.Submit(page, "return", ("_handler", "approve"), ("ApproveVersion", forged),
            ("ApproveKey", new string('a', 24)));
        Assert.Equal((403, "second_person_needed"), (own.Status, own.Refusal));
        var back = await second.Do(hers, "return", ("Remark", "Wait for France"));
        Assert.Contains("Sent back: Wait for France", back.Text, StringComparison.Ordinal);
        var stale = await olga.Submit(hers, "approve");
        Assert.Equal((409, "changed_meanwhile"), (stale.Status, stale.Refusal));
        page = await first.Do(await sam.Open(page.Path), "ask");
        var approved = await second.Do(await olga.Open(page.Path), "approve");
        Assert.Equal("olga@example.com", DeckDesk.Figure(approved, "Approved by"));
        Assert.Equal(2, await Versions(served, deck));
    }

    [BothDatabases]
    public async Task Of_two_who_begin_or_decide_at_once_the_second_is_told(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, deck, sam) = await Furnish(served);
        await served.Engineer(shop.Provider, "olga@example.com");
        using var olga = await served.SignedIn(shop.Provider, "olga@example.com");
        var (first, second) = (new DeckDesk(served, sam, deck), new DeckDesk(served, olga, deck));
        var form = await olga.Open(second.Deck + "/new");
        var page = await first.Brought(NewDeck, 8);
        var refused = await olga.FollowAll(await second.Upload(NewDeck, form: form));
        Assert.Equal("draft_open", refused.Refusal);
        Assert.Contains("ana@example.com is working on deck.csv", refused.Text, StringComparison.Ordinal);

        // Another import comes first: what was looked at is no longer what would be replaced.
        await new ImportDeck(served.Installation.Database, served.Clock).Run(new DeckImport(
            deck.No, Rounding.Micros, false, null, SomeRates.Few, "", "test"));
        var late = await first.Do(page, "ask");
        Assert.Contains("It was not activated", late.Text, StringComparison.Ordinal);
        Assert.Equal((DraftState.Checked, "changed_meanwhile"), ((await first.Drafts())[0].State,
            (await first.Drafts())[0].Refused));
        await second.Do(await olga.Open(late.Path), "cancel");
        var stale = await sam.Submit(late, "ask");
        Assert.Equal((409, "changed_meanwhile"), (stale.Status, stale.Refusal));
        Assert.Equal(303, (await second.Upload(NewDeck)).Status);
    }

    [Fact]
    public async Task Files_that_are_none_and_ids_of_others_are_refused()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var (shop, deck, sam) = await Furnish(served);
        var other = await served.Shop("retail-cad");
        await served.User(other.Provider, "eve@example.com", Served.Password);
        using var eve = await served.SignedIn(other.Provider, "eve@example.com");
        var desk = new DeckDesk(served, sam, deck);
        foreach (var (file, refusal) in new[]
        {
            ("", "deck_empty"), ("PK\u0003\u0004 a workbook", "file_not_utf8"), ("\0\0", "file_not_utf8"),
            ("prefix,\"rate\n1,2\n", "file_unreadable"),
        })
        {
            var refused = await sam.FollowAll(await desk.Upload(file));
            Assert.Equal(refusal, refused.Refusal);
        }
        var form = await sam.Open(desk.Deck + "/new");
        var twice = await Task.WhenAll(desk.Upload(NewDeck, form: form), desk.Upload(NewDeck, form: form));
        Assert.Equal(twice[0].Location, twice[1].Location);
        var path = twice[0].Location!;
        Assert.Equal("form_expired", (await sam.Submit(await sam.Open(path), "columns", ("form_token", ""))).Refusal);
        foreach (var ending in new[] { "", "/changes", "/effect", "/changes.csv" })
            Assert.Equal(404, (await eve.Open(path + ending)).Status);
        Assert.Equal(404, (await eve.Open(desk.Deck + "/new")).Status);
        Assert.Equal(404, (await sam.Open(desk.Deck + "/drafts/drf_aaaaaaaaaaaaaaaa")).Status);
        Assert.Equal(DraftState.Uploaded, (await desk.Drafts())[0].State);
    }

    [BothDatabases]
    public async Task A_new_versions_page_stands_still_where_the_version_before_is_not_in_force_yet(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, _, sam) = await Furnish(served);
        var later = await served.House.Deck(shop.Provider, "later");
        var imported = await new ImportDeck(served.Installation.Database, served.Clock).Run(new DeckImport(
            later.No, Rounding.Micros, ZeroRates: false, served.Clock.Now + Duration.FromDays(40), SomeRates.Few, "",
            "test"));
        Assert.True(imported.Accepted, imported.Refused?.ToString());
        var desk = new DeckDesk(served, sam, later);
        var page = await Still(await desk.Brought(NewDeck, 50));
        page = await Still(await desk.Do(page, "ask"));
        Assert.Contains("Version 2", DeckDesk.Figure(page, "Version"), StringComparison.Ordinal);

        async Task<Page> Still(Page draft)
        {
            await Wait.Until(
                async () => !(draft = await sam.Open(draft.Path)).Headers.ContainsKey("Refresh"),
                TimeSpan.FromSeconds(30), () => $"the page refreshes no more: {draft.Text}");
            return draft;
        }
    }

    static async Task<(Shop Shop, Deck Deck, Visitor Sam)> Furnish(Served served, string preset = "retail-usd")
    {
        var shop = await served.Shop(preset);
        await using var connection = await served.Installation.Database.Connect();
        var deck = (await DeckStore.Find(connection, null, shop.DeckNo)).Value;
        await served.User(shop.Provider, "ana@example.com", Served.Password);
        return (shop, deck, await served.SignedIn(shop.Provider, "ana@example.com"));
    }

    static async Task Call(Served served, Shop shop, string call, string account, string to, int seconds)
    {
        Assert.Equal(200, (await shop.Authorize(call, account, to)).Status);
        await served.Move(Duration.FromSeconds(seconds));
        Assert.Equal(200, (await shop.End(call, seconds)).Status);
    }

    static async Task<IReadOnlyList<string>> Notices(Served served)
    {
        await using var connection = await served.Installation.Database.Connect();
        return [.. await connection.QueryAsync<string>(
            "select data from notice where kind = 25 and file_no is not null order by no")];
    }

    static async Task<int> Versions(Served served, Deck deck)
    {
        await using var connection = await served.Installation.Database.Connect();
        return await DeckDraftStore.NewestVersion(connection, deck.No);
    }

    static async Task<long> Price(Served served, Deck deck, string number)
    {
        var at = served.Clock.Now;
        var found = (await served.Installation.Rules.Decks.Find(deck.No, at)).Value;
        return found.Find(number, at).Value.Rate.PerMinute.E8;
    }
}
