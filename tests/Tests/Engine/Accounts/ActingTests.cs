using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

/// <summary>Each time that staff look at a customer's portal has a beginning and an end on record.</summary>
public sealed class ActingTests
{
    static readonly Actor Owner = Actor.Named("owner@example.com");

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task Who_goes_on_to_another_customer_has_left_the_first_and_twice_is_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (provider, first, second) = await Stage(test);
        var people = new SomePeople(test.Database, clock);
        using var node = people.Node();
        var staff = (await node.Find(await people.SignIn(await Staff(test, provider, "sam@example.com")))).Value;
        var start = new StartActing(test.Database, clock, node);
        await start.Run(staff, first.No, first.Id.Text, "ticket 1", "");
        clock.Move(Duration.FromMinutes(5));
        var left = clock.Now;
        var begun = (await start.Run(staff, second.No, second.Id.Text, "ticket 2", "")).Value;
        clock.Move(Duration.FromMinutes(5));
        Assert.Equal(begun, (await start.Run(staff, second.No, second.Id.Text, "ticket 2", "")).Value);
        Assert.Equal([(first.No, left)], await Ends(test, provider));
        Assert.Equal(2, (await people.Records(provider.No)).Count(one => one.Act == "acting_started"));

        clock.MoveTo(begun.Until + Duration.FromMinutes(1));
        await start.Run(staff, first.No, first.Id.Text, "ticket 3", "");
        await new EndActing(test.Database, clock, node).RunOverdue();
        Assert.Equal([(second.No, begun.Until), (first.No, left)], await Ends(test, provider));
    }

    [BothDatabases]
    public async Task Whatever_ends_a_session_ends_it_and_says_when(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (provider, account, _) = await Stage(test);
        var people = new SomePeople(test.Database, clock);
        using var node = people.Node();
        var team = new Team(provider.No, null);
        var expected = new List<(long?, Instant)>();
        foreach (var (name, end) in new (string, Func<User, Person, Task>)[]
        {
            ("out", (_, who) => new EndSession(test.Database, clock, node).Run(who, "")),
            ("one", async (user, who) =>
            {
                await using var connection = await test.Database.Connect();
                var own = Assert.Single(await SessionStore.Of(connection, null, user.No, clock.Now));
                Assert.True((await new EndSessions(test.Database, clock).One(who, own.Mark, "")).Accepted);
            }),
            ("all", (user, _) => new EndSessions(test.Database, clock).All(team, user.Id, null, Owner)),
            ("lock", (user, _) => new LockUser(test.Database, clock).Run(team, user.Id, true, Owner)),
            ("password", (user, _) => new SaveUser(test.Database, clock).Run(
                user with { Stamp = SaveUser.NewStamp() }, null)),
            ("remove", (user, _) => new RemoveUser(test.Database, clock).Run(team, user.Id, true, Owner)),
            ("role", (user, _) => new ChangeUser(test.Database, clock).Run(
                team, user.Id, new UserChanges(Role.Engineer, "", null, user.Version), Owner)),
        })
        {
            var user = await Staff(test, provider, name + "@example.com");
            var id = await people.SignIn(user);
            await new StartActing(test.Database, clock, node).Run(
                (await node.Find(id)).Value, account.No, account.Id.Text, "ticket", "");
            clock.Move(Duration.FromMinutes(3));
            await end(await people.Read(user), (await node.Find(id)).Value);
            expected.Insert(0, (account.No, clock.Now));
            clock.Move(Acting.Longest);
            await new EndActing(test.Database, clock, node).RunOverdue();
            var ends = await Ends(test, provider);
            Assert.True(expected.SequenceEqual(ends), $"{name}: {string.Join(", ", ends)}");
        }
    }

    [BothDatabases]
    public async Task An_end_that_comes_late_ends_nothing_that_began_since(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (provider, first, second) = await Stage(test);
        var people = new SomePeople(test.Database, clock);
        using var node = people.Node();
        var id = await people.SignIn(await Staff(test, provider, "sam@example.com"));
        var start = new StartActing(test.Database, clock, node);
        await start.Run((await node.Find(id)).Value, first.No, first.Id.Text, "ticket", "");
        var over = new OpenActing(id, provider.No, 0, first.No, first.Id.Text, clock.Now + Acting.Longest);
        clock.Move(Acting.Longest);
        await start.Run((await node.Find(id)).Value, second.No, second.Id.Text, "another", "");
        Assert.False(await test.Database.InTransaction((connection, transaction) =>
            SessionStore.EndActing(connection, transaction, over, 1)));
        Assert.Equal(second.No, (await node.Find(id)).Value.AccountNo);
    }

    [BothDatabases]
    public async Task Who_may_serve_customers_no_more_looks_at_nobodys_portal(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (provider, account, _) = await Stage(test);
        var people = new SomePeople(test.Database, clock);
        using var node = people.Node();
        var user = await Staff(test, provider, "sam@example.com");
        var id = await people.SignIn(user);
        await new StartActing(test.Database, clock, node).Run(
            (await node.Find(id)).Value, account.No, account.Id.Text, "ticket", "");
        Assert.Equal(account.No, (await node.Find(id)).Value.AccountNo);
        var engineer = await people.Read(user) with { Role = Role.Engineer };
        Assert.True((await new SaveUser(test.Database, clock).Run(engineer, null)).Accepted);
        await people.Poll(node);
        var who = (await node.Find(id)).Value;
        Assert.Equal((null, null, Role.Engineer), (who.AccountNo, who.ActingAs, who.Role));
    }

    [BothDatabases]
    public async Task What_is_shown_for_one_customer_ends_where_the_session_is_for_another(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (provider, account, _) = await Stage(test);
        var people = new SomePeople(test.Database, clock);
        using var node = people.Node();
        var id = await people.SignIn(await Staff(test, provider, "sam@example.com"));
        using var own = await node.Watch(id, null);
        using var theirs = await node.Watch(id, account.No);
        Assert.Equal((false, true), (own.Ended.IsCancellationRequested, theirs.Ended.IsCancellationRequested));
        await new StartActing(test.Database, clock, node).Run(
            (await node.Find(id)).Value, account.No, account.Id.Text, "ticket", "");
        using var now = await node.Watch(id, account.No);
        using var late = await node.Watch(id, null);
        Assert.Equal((true, false, true), (
            own.Ended.IsCancellationRequested, now.Ended.IsCancellationRequested,
            late.Ended.IsCancellationRequested));
    }

    async Task<(Provider Provider, CreatedAccount First, CreatedAccount Second)> Stage(TestDatabase test)
    {
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var deck = (await house.Deck(provider)).No;
        return (provider, await house.Account(provider, deck), await house.Account(provider, deck));
    }

    async Task<User> Staff(TestDatabase test, Provider provider, string email) =>
        (await new CreateUser(test.Database, clock).Run(
            new NewUser(provider.No, null, SomePeople.Address(email), true, "hash", null, Role.Support), "test")).Value;

    /// <summary>The newest first.</summary>
    async Task<List<(long?, Instant)>> Ends(TestDatabase test, Provider provider) =>
    [
        .. (await new SomePeople(test.Database, clock).Records(provider.No))
            .Where(one => one.Act == "acting_ended").Select(one => (one.AccountNo, one.At)),
    ];
}
