using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

public sealed class SessionTests
{
    static readonly Actor By = Actor.Named("test");

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_session_is_known_on_every_node_with_whose_it_is(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (house, people) = (new House(test.Database, clock), new SomePeople(test.Database, clock));
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No);
        var ana = await people.User(provider, accountNo: account.No);
        var id = await people.SignIn(ana);
        foreach (var node in new[] { people.Node(), people.Node() })
        {
            var person = (await node.Find(id)).Value;
            Assert.Equal(
                new Person(
                    id, ana.No, ana.Id, provider.No, account.No, account.Id.Text, Role.PrimaryAdmin, "",
                    "ana@example.com", null, null),
                person);
            Assert.Same(person, (await node.Find(id)).Value);
            Assert.Equal(Refusal.NotSignedIn, (await node.Find(id + "x")).Refused?.Refusal);
        }
        Assert.Contains(await people.Records(provider.No), record => record.Act == "signed_in");
        Assert.Equal(clock.Now, (await people.Read(ana)).LastSignedInAt);
    }

    [BothDatabases]
    public async Task What_ends_a_session_on_one_node_ends_it_and_its_streams_on_all(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var otherDatabase = test.OpenAgain();
        var people = new SomePeople(test.Database, clock);
        var (here, there) = (people.Node(), new SessionsInForce(otherDatabase, clock));
        var provider = await new House(test.Database, clock).Provider();
        var ana = await people.User(provider);
        var (id, other) = (await people.SignIn(ana), await people.SignIn(ana));
        await people.Poll(here, there);
        var person = (await here.Find(id)).Value;
        Assert.True((await there.Find(id)).Accepted);
        Assert.True((await there.Find(other)).Accepted);
        using var watch = await there.Watch(id, null);
        using var otherWatch = await there.Watch(other, null);

        var end = new EndSession(test.Database, clock, here);
        await end.Run(person, "127.0.0.1");
        await end.Run(person, "127.0.0.1");
        Assert.Equal(Refusal.NotSignedIn, (await here.Find(id)).Refused?.Refusal);
        await people.Poll(here, there);
        Assert.Equal(Refusal.NotSignedIn, (await there.Find(id)).Refused?.Refusal);
        Assert.True((await there.Find(other)).Accepted);
        Assert.True(watch.Ended.IsCancellationRequested);
        Assert.False(otherWatch.Ended.IsCancellationRequested);
        using var tooLate = await there.Watch(id, null);
        Assert.True(tooLate.Ended.IsCancellationRequested);
        Assert.Single(await people.Records(provider.No), record => record.Act == "signed_out");
    }

    [BothDatabases]
    public async Task A_new_stamp_ends_all_sessions_but_the_one_that_made_it(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var node = people.Node();
        var ana = await people.User(await new House(test.Database, clock).Provider());
        var (own, stolen) = (await people.SignIn(ana), await people.SignIn(ana));
        await people.Poll(node);
        foreach (var id in new[] { own, stolen }) Assert.True((await node.Find(id)).Accepted);
        var changed = await people.Read(ana) with { Stamp = SaveUser.NewStamp(), Language = Language.Spanish };
        Assert.True((await new SaveUser(test.Database, clock).Run(changed, own)).Accepted);
        await people.Poll(node);
        Assert.Equal(Language.Spanish, (await node.Find(own)).Value.Language);
        Assert.Equal(Refusal.NotSignedIn, (await node.Find(stolen)).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_user_that_is_barred_is_out_and_stays_out_of_old_sessions_when_let_in_again(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var node = people.Node();
        var provider = await new House(test.Database, clock).Provider();
        var ana = await people.User(provider);
        var id = await people.SignIn(ana);
        Assert.True((await node.Find(id)).Accepted);
        var lockUser = new LockUser(test.Database, clock);
        Assert.True((await lockUser.Run(provider.No, ana.Email, locked: true, By)).Value.Locked);
        await people.Poll(node);
        Assert.Equal(Refusal.NotSignedIn, (await node.Find(id)).Refused?.Refusal);
        Assert.False((await lockUser.Run(provider.No, ana.Email, locked: false, By)).Value.Locked);
        await people.Poll(node);
        Assert.Equal(Refusal.NotSignedIn, (await node.Find(id)).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownUser,
            (await lockUser.Run(provider.No, SomePeople.Address("bo@example.com"), true, By)).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_session_lasts_half_a_day_without_a_page_wherever_the_pages_were_and_a_month_with(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var (here, there) = (people.Node(), people.Node());
        var ana = await people.User(await new House(test.Database, clock).Provider());
        var id = await people.SignIn(ana);
        Assert.True((await there.Find(id)).Accepted);
        clock.Move(Duration.FromHours(11));
        Assert.True((await here.Find(id)).Accepted);
        await here.WriteSightings(default);
        clock.Move(Duration.FromHours(11));
        Assert.True((await there.Find(id)).Accepted);
        using (var watch = await there.Watch(id, null))
        {
            await there.WriteSightings(default);
            Assert.False(watch.Ended.IsCancellationRequested);
            clock.Move(Duration.FromHours(12));
            await there.WriteSightings(default);
            Assert.True(watch.Ended.IsCancellationRequested);
        }
        Assert.Equal(Refusal.NotSignedIn, (await there.Find(id)).Refused?.Refusal);
        Assert.Equal(Refusal.NotSignedIn, (await people.Node().Find(id)).Refused?.Refusal);

        var month = await people.SignIn(ana);
        for (var hours = 0; hours < 30 * 24; hours += 8)
        {
            Assert.True((await here.Find(month)).Accepted, $"after {hours} hours");
            clock.Move(Duration.FromHours(8));
        }
        Assert.Equal(Refusal.NotSignedIn, (await here.Find(month)).Refused?.Refusal);
        await new ForgetOldSignIns(test.Database, clock).Run();
    }

    [BothDatabases]
    public async Task Known_sessions_go_on_while_the_database_is_away(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var other = test.OpenAgain();
        using var node = new SessionsInForce(other, clock);
        var id = await people.SignIn(await people.User(await new House(test.Database, clock).Provider()));
        Assert.True((await node.Find(id)).Accepted);
        await other.DisposeAsync();
        clock.Move(Duration.FromHours(3));
        Assert.True((await node.Find(id)).Accepted);
    }
}
