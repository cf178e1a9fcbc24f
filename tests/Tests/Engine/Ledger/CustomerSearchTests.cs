using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

public sealed class CustomerSearchTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_customer_is_found_by_the_beginnings_of_words_and_only_by_its_own_provider(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (one, other) = (await house.Provider(), await house.Provider(name: "other"));
        var deck = await house.Deck(one);
        var found = await house.Account(one, deck.No, "100%_École du Sud, Montréal", "eclair");
        await house.Account(one, deck.No, "1000 Others of Montana");

        string[] whole = ["ecole", "ÉCOLE mont", "sud 100", "Montréal", "montrea", "eclair", found.Id.Text];
        foreach (var typed in whole.Append(found.Id.Text[4..9]))
            Assert.Equal(found.No, Assert.Single((await Find(test, one, typed)).Rows).No);
        foreach (var typed in new[] { "cole", "ecole others", "' or 1=1 --", "%", "_", "montreal sudan" })
            Assert.Empty((await Find(test, one, typed)).Rows);
        Assert.Empty((await Find(test, other, found.Id.Text)).Rows);
        Assert.Equal(2, (await Find(test, one, "mont")).Rows.Count);
    }

    [BothDatabases]
    public async Task A_customer_is_found_by_people_addresses_and_numbers_as_they_are_now(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var people = new SomePeople(test.Database, clock);
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No, "Northwind");
        var ana = await people.User(provider, "Ana.Diaz@example.com", account.No);
        await people.User(provider, "staff@example.com");
        var profile = Profile.Empty with
        {
            ContactName = "Zoë Ångström",
            Phone = "+1 (514) 555-0144",
            BillingEmail = "bills@northwind.example",
            Service = new Address("1 Rue", "", "Montréal", "QC", "H2Y 1C6", "CA"),
            MailList = ["boss@example.org"],
        };
        var save = new SaveProfile(test.Database, clock);
        Assert.True((await save.Run(provider.No, account.No, profile, Actor.Named("test"))).Accepted);
        string[] ways =
        [
            "ana.diaz@example.com", "ANA.DIAZ@", "diaz", "zoe ang", "514-555-0144", "+15145550144", "5145550", "bills@",
            "boss@example.org", "northwind.example",
        ];
        foreach (var typed in ways)
            Assert.Equal(account.No, Assert.Single((await Find(test, provider, typed)).Rows).No);
        Assert.Empty((await Find(test, provider, "staff@example.com")).Rows);

        var former = (await save.Run(
            provider.No, account.No, profile with { ContactName = "Bo", MailList = [], Version = 1 },
            Actor.Named("test"))).Value;
        Assert.Equal("Bo", former.ContactName);
        Assert.Empty((await Find(test, provider, "zoe")).Rows);
        Assert.Empty((await Find(test, provider, "boss@example.org")).Rows);
        Assert.Single((await Find(test, provider, "bo northwind diaz")).Rows);
        Assert.True(EmailAddress.TryParse("new@example.com", out var email));
        Assert.True((await new SaveUser(test.Database, clock).Run(ana with { Email = email }, null)).Accepted);
        Assert.Empty((await Find(test, provider, "diaz")).Rows);
        Assert.Single((await Find(test, provider, "new@example.com")).Rows);
    }

    [BothDatabases]
    public async Task Words_that_are_too_long_and_numbers_with_00_are_kept_as_they_are_looked_for(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var name = new string('a', SearchWords.LongestWord - 1) + "\U00010428b";
        var found = await house.Account(provider, (await house.Deck(provider)).No, name, "0033199001234");
        foreach (var typed in new[] { name, name[..^3], "0033199001234", "+33 1 99 00 12 34", "003319900", "0033" })
            Assert.Equal(found.No, Assert.Single((await Find(test, provider, typed)).Rows).No);
    }

    [BothDatabases]
    public async Task A_customer_is_found_by_an_address_that_its_calls_may_come_from(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (one, other) = (await house.Provider(), await house.Provider(name: "other"));
        var deck = await house.Deck(one);
        var (found, next) = (await house.Account(one, deck.No), await house.Account(one, deck.No));
        var save = new SaveNetwork(test.Database, clock);
        foreach (var (account, networks) in new[]
            { (found, "203.0.113.16/28 2001:4860:1::/56"), (next, "203.0.113.40") })
        {
            var settings = new NetworkSettings(10, 10, AllowedNetwork.ParseAll(networks).Value, 0);
            Assert.True((await save.Run(one.No, account.No, settings, Actor.Named("test"))).Accepted);
        }
        foreach (var (address, expected) in new[]
        {
            ("203.0.113.16", found.No), ("203.0.113.31", found.No), ("203.0.113.40", next.No),
            ("2001:4860:1:12::5", found.No), ("203.0.113.0/24", next.No), ("203.0.113.32", 0), ("198.51.100.1", 0),
        })
        {
            var rows = (await ByAddress(one, address)).Rows;
            Assert.Equal((address, expected), (address, rows.Count == 0 ? 0 : rows[0].No));
        }
        Assert.Empty((await ByAddress(other, "203.0.113.16")).Rows);

        Task<FoundCustomers> ByAddress(Provider provider, string address) => CustomerSearchStore.Find(
            test.Database, provider.No, AllowedNetwork.Parse(address).Value, default);
    }

    [BothDatabases]
    public async Task However_many_fit_each_comes_once_in_pages_with_whole_words_first(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var deck = await house.Deck(provider);
        for (var i = 0; i < 57; i++)
            await house.Account(provider, deck.No, $"Telecom Tel {i} Telex");
        var last = await house.Account(provider, deck.No, "Tel");
        await house.Account(provider, deck.No, "Others");

        var first = await Find(test, provider, "tel");
        Assert.Equal(CustomerStore.PageRows, first.Rows.Count);
        Assert.NotNull(first.More);
        var second = await Find(test, provider, "tel", WordPlace.Read(first.More.Value.Text));
        Assert.Null(second.More);
        var all = first.Rows.Concat(second.Rows).Select(row => row.No).ToList();
        Assert.Equal(58, all.Distinct().Count());
        Assert.Equal(58, all.Count);
        Assert.Equal(last.No, all[^1]);
        var telecoms = await Find(test, provider, "tel telec");
        Assert.Equal(CustomerStore.PageRows, telecoms.Rows.Count);
        Assert.Equal(7, (await Find(test, provider, "telec tel", telecoms.More!.Value)).Rows.Count);
    }

    /// <summary>Two words that many have, and one account both: the search looks at so many and then says so.</summary>
    [BothDatabases]
    public async Task What_few_have_of_words_that_many_have_is_found_on_a_later_page(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var deck = await house.Deck(provider);
        var (alphas, betas) = (await house.Account(provider, deck.No), await house.Account(provider, deck.No));
        var both = await house.Account(provider, deck.No, "alphazz beta");
        await using (var connection = await test.Database.Connect())
        {
            await connection.ExecuteAsync(
                $"""
                with recursive many(i) as (select 1 union all select i + 1 from many where i < 5000)
                insert into account_word (provider_no, word, account_no, part)
                select {provider.No}, 'alpha' || i, {alphas.No}, i from many;
                with recursive many(i) as (select 1 union all select i + 1 from many where i < 5000)
                insert into account_word (provider_no, word, account_no, part)
                select {provider.No}, 'beta', {betas.No}, i from many
                """);
        }
        var (found, places, pages) = (new List<long>(), new HashSet<WordPlace>(), 0);
        WordPlace? from = WordPlace.Start;
        for (; from is { } place; pages++)
        {
            Assert.True(places.Add(place), "a search goes on, and comes to its end");
            var page = await Find(test, provider, "alpha beta", place);
            found.AddRange(page.Rows.Select(row => row.No));
            from = page.More;
        }
        Assert.Equal([both.No], found);
        Assert.Equal(3, pages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x~y~z")]
    [InlineData("1~2")]
    [InlineData("1~2~a\u0000b")]
    [InlineData("99999999999999999999~1~a")]
    public void A_place_that_is_none_is_the_start(string text) =>
        Assert.Equal(WordPlace.Start, WordPlace.Read(text));

    static Task<FoundCustomers> Find(
        TestDatabase test, Provider provider, string typed, WordPlace? from = null) =>
        CustomerSearchStore.Find(
            test.Database, provider.No, SearchWords.Typed(typed), from ?? WordPlace.Start, default);
}
