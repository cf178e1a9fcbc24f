using System.Security.Cryptography;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>People of a served installation, and what is on record about them.</summary>
public static class ServedPeople
{
    public sealed record Somebody(Provider Provider, User User)
    {
        public string Email => User.Email.Text;
    }

    /// <summary>A provider with one of its staff, who has a password.</summary>
    public static async Task<Somebody> Staff(
        this Served served, string preset = "retail-usd", string password = "correct horse battery")
    {
        var provider = await served.House.Provider(preset);
        await served.Refresh();
        return new Somebody(provider, await served.User(provider, "ana@example.com", password));
    }

    /// <summary>One more of the staff, who looks after decks and jobs.</summary>
    public static Task<User> Engineer(this Served served, Provider provider, string email) =>
        served.User(provider, email, Served.Password, role: Role.Engineer);

    public static async Task<User> User(
        this Served served, Provider provider, string email, string? password, long? accountNo = null,
        bool confirmed = true, Role? role = null)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        var hash = password is null
            ? null
            : PasswordHash.Of(password, RandomNumberGenerator.GetBytes(PasswordHash.SaltBytes));
        var created = await new CreateUser(served.Installation.Database, served.Clock).Run(
            new NewUser(provider.No, accountNo, address, confirmed, hash, null, role), "test");
        Assert.True(created.Accepted, created.Refused?.ToString());
        return created.Value;
    }

    /// <summary>What is on record at a provider, the newest first, without whom and which keys tests made.</summary>
    public static async Task<IReadOnlyList<string>> Acts(this Served served, Provider provider)
    {
        var records = await served.Records(provider);
        return
        [
            .. records.Select(record => record.Act).Where(act => act is not ("user_created" or "key_made")),
        ];
    }

    public static Visitor At(this Served served, Provider provider, string language = "en") =>
        new(served, provider.Host, language);

    /// <summary>Types it at the door where the visitor is led, and goes where that leads.</summary>
    public static async Task<Page> SignIn(
        this Visitor visitor, string email, string password, string to = "/sign-in") =>
        await visitor.FollowAll(await visitor.Submit(
            await visitor.FollowAll(await visitor.Open(to)), "sign-in", ("Email", email), ("Password", password)));

    /// <summary>Where an address leads to in the end.</summary>
    public static async Task<Page> Visit(this Visitor visitor, string path) =>
        await visitor.FollowAll(await visitor.Open(path));
}
