using System.Text;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

public sealed class UserTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task One_address_is_one_user_within_a_provider_and_another_at_another(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (house, people) = (new House(test.Database, clock), new SomePeople(test.Database, clock));
        var (one, two) = (await house.Provider(), await house.Provider("retail-cad"));
        var ana = await people.User(one, "Ana@Example.com");
        var other = await people.User(two, "ana@example.com");
        Assert.NotEqual(ana.No, other.No);
        Assert.Equal("Ana@Example.com", ana.Email.Text);
        var create = new CreateUser(test.Database, clock);
        var again = new NewUser(one.No, null, SomePeople.Address("ana@EXAMPLE.com"), false, null, Language.French);
        Assert.Equal(Refusal.AlreadyExists, (await create.Run(again, "test")).Refused?.Refusal);
        Assert.Equal(Refusal.UnknownProvider,
            (await create.Run(again with { ProviderNo = 99 }, "test")).Refused?.Refusal);
        var account = await house.Account(two, (await house.Deck(two)).No);
        var strange = again with { Email = SomePeople.Address("bo@example.com"), AccountNo = account.No };
        Assert.Equal(Refusal.UnknownAccount, (await create.Run(strange, "test")).Refused?.Refusal);
        var bo = (await create.Run(strange with { ProviderNo = two.No }, "test")).Value;
        Assert.Equal((account.No, false, null, Language.French, false),
            (bo.AccountNo, bo.IsStaff, bo.PasswordHash, bo.Language, bo.EmailConfirmed));
    }

    [BothDatabases]
    public async Task Of_changes_at_the_same_moment_none_is_lost(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var otherDatabase = test.OpenAgain();
        var people = new SomePeople(test.Database, clock);
        var ana = await people.User(await new House(test.Database, clock).Provider());
        var saves = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(() =>
            new SaveUser(n % 2 == 0 ? test.Database : otherDatabase, clock)
                .Run(ana with { PasswordHash = $"hash {n}" }, null))));
        var saved = Assert.Single(saves, save => save.Accepted).Value;
        Assert.All(saves.Where(save => !save.Accepted),
            save => Assert.Equal(Refusal.ChangedMeanwhile, save.Refused!.Refusal));
        var kept = await people.Read(ana);
        Assert.Equal((saved.PasswordHash, saved.Version), (kept.PasswordHash, kept.Version));
    }

    [BothDatabases]
    public async Task Of_twenty_tries_at_the_same_moment_five_are_looked_at_whoever_has_the_address(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var otherDatabase = test.OpenAgain();
        foreach (var email in new[] { "ana@example.com", "nobody@example.com" })
        {
            var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() =>
                new CountTries(n % 2 == 0 ? test.Database : otherDatabase, clock).Begin(1, email))));
            Assert.Equal(5, tries.Count(begun => begun.Accepted));
            Assert.All(tries.Where(begun => !begun.Accepted),
                begun => Assert.Equal(Refusal.SignInLocked, begun.Refused!.Refusal));
        }
        var count = new CountTries(test.Database, clock);
        clock.Move(Duration.FromMinutes(15));
        Assert.True((await count.Begin(1, "ana@example.com")).Accepted);
        await count.Forget(1, "ana@example.com");
        for (var i = 0; i < 20; i++)
        {
            Assert.True((await count.Begin(1, "ana@example.com")).Accepted);
            await count.TakeBack(1, "ana@example.com");
        }
        await new ForgetOldSignIns(test.Database, clock).Run();
    }

    [BothDatabases]
    public async Task A_code_of_an_authenticator_is_accepted_once_however_often_it_comes_at_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var ana = await people.User(await new House(test.Database, clock).Provider());
        var key = Encoding.ASCII.GetBytes("12345678901234567890");
        var code = TimedCode.Of(key, TimedCode.StepOf(clock.Now));
        var accept = new AcceptCode(test.Database, clock);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Task.Run(() => accept.Run(ana, key, code))));
        Assert.Single(answers, answer => answer.Accepted);
        Assert.All(answers.Where(answer => !answer.Accepted),
            answer => Assert.Equal(Refusal.CodeWrong, answer.Refused!.Refusal));
        clock.Move(Duration.FromSeconds(30));
        Assert.True((await accept.Run(ana, key, TimedCode.Of(key, TimedCode.StepOf(clock.Now)))).Accepted);
    }

    [BothDatabases]
    public async Task A_recovery_code_is_good_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var ana = await people.User(await new House(test.Database, clock).Provider());
        byte[][] codes = [[1, 2], [3, 4]];
        await Write((connection, transaction) =>
            RecoveryCodeStore.Replace(connection, transaction, ana.No, [[9, 9]]));
        await Write((connection, transaction) => RecoveryCodeStore.Replace(connection, transaction, ana.No, codes));
        var used = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            test.Database.InTransaction<bool>((connection, transaction) =>
                RecoveryCodeStore.Use(connection, transaction, ana.No, [1, 2])))));
        Assert.Single(used, was => was);
        await using var connection = await test.Database.Connect();
        Assert.Equal(1, await RecoveryCodeStore.Count(connection, ana.No));

        Task Write(Func<System.Data.Common.DbConnection, System.Data.Common.DbTransaction, Task> work) =>
            test.Database.InTransaction<bool>(async (connection, transaction) =>
            {
                await work(connection, transaction);
                return true;
            });
    }

    [BothDatabases]
    public async Task A_passkey_is_found_by_its_credential_and_stays_its_owners(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var provider = await new House(test.Database, clock).Provider();
        var (ana, bo) = (await people.User(provider), await people.User(provider, "bo@example.com"));
        var passkey = new Passkey(
            [7, 7], ana.No, "Telephone", [1], 5, ["internal", "hybrid"], true, true, false, [2], [3], clock.Now, null);
        Assert.True(await Insert(passkey));
        Assert.False(await Insert(passkey with { UserNo = bo.No, Name = "Mine now" }));
        clock.Move(Duration.FromHours(1));
        await test.Database.InTransaction<bool>(async (change, transaction) =>
        {
            Assert.False(await PasskeyStore.Used(change, transaction, bo.No, [7, 7], 9, false, clock.Now));
            Assert.True(await PasskeyStore.Used(change, transaction, ana.No, [7, 7], 9, false, clock.Now));
            Assert.False(await PasskeyStore.Rename(change, transaction, bo.No, [7, 7], "Mine now"));
            return await PasskeyStore.Rename(change, transaction, ana.No, [7, 7], "Old telephone");
        });
        await using var connection = await test.Database.Connect();
        var found = Assert.Single(await PasskeyStore.Of(connection, ana.No));
        Assert.Equal(("Old telephone", 9L, clock.Now, "internal hybrid"),
            (found.Name, found.SignCount, found.LastUsedAt, string.Join(' ', found.Transports)));
        Assert.Equal(passkey.CreatedAt, found.CreatedAt);
        Assert.Equal(ana.No, (await PasskeyStore.Find(connection, [7, 7]))!.UserNo);
        Assert.Null(await PasskeyStore.Find(connection, [7, 8]));
        Assert.False(await Remove(bo.No));
        Assert.True(await Remove(ana.No));
        // A sign-in that was under way does not bring it back.
        Assert.False(await test.Database.InTransaction<bool>((change, transaction) =>
            PasskeyStore.Used(change, transaction, ana.No, [7, 7], 10, false, clock.Now)));
        Assert.Empty(await PasskeyStore.Of(connection, ana.No));

        Task<bool> Insert(Passkey one) => test.Database.InTransaction<bool>(
            (connection, transaction) => PasskeyStore.Insert(connection, transaction, one));
        Task<bool> Remove(long userNo) => test.Database.InTransaction<bool>(
            (connection, transaction) => PasskeyStore.Remove(connection, transaction, userNo, [7, 7]));
    }
}
