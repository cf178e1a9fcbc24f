using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Tests.Engine.Accounts;

/// <summary>Users and sessions of tests, made through the same operations as everything.</summary>
public sealed class SomePeople(Database database, MovableClock clock)
{
    public SessionsInForce Node() => new(database, clock);

    public static EmailAddress Address(string text)
    {
        Demand.That(EmailAddress.TryParse(text, out var address), "the test's address is good");
        return address;
    }

    public async Task<User> User(
        Provider provider, string email = "ana@example.com", long? accountNo = null, bool confirmed = true) =>
        (await new CreateUser(database, clock).Run(
            new NewUser(provider.No, accountNo, Address(email), confirmed, "hash", null), "test")).Value;

    public Task<string> SignIn(User user) =>
        new StartSession(database, clock).Run(user, "password", "127.0.0.1");

    public async Task<User> Read(User user)
    {
        await using var connection = await database.Connect();
        return (await UserStore.Find(connection, null, user.No)).Value;
    }

    /// <summary>As every node does twice a second.</summary>
    public async Task Poll(params SessionsInForce[] nodes)
    {
        await using var connection = await database.Connect();
        var revision = (await RevisionStore.All(connection, default))[(int)Watched.Session];
        foreach (var node in nodes) await node.Refresh(revision, default);
    }

    public async Task<IReadOnlyList<WrittenRecord>> Records(int providerNo)
    {
        var records = await AuditTrailStore.Page(database, providerNo, new RecordFilter(), null, 1_000, default);
        return [.. records.Select(record => record.Written)];
    }
}
