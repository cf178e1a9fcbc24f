using System.Text.Json.Nodes;
using NodaTime;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>The real program and a real mail server with STARTTLS and a sign-in.</summary>
[Trait("Category", "needs-mail")]
public sealed class RealMailServerTests
{
    [Fact]
    public async Task A_mail_goes_over_TLS_after_a_sign_in_and_arrives_as_it_was_written()
    {
        await using var test = await TestDatabase.New(DatabaseKind.Sqlite);
        await using var server = await RealMailServer.Start(test.Folder);
        await new House(test.Database, SystemClock.Instance).Provider();
        Assert.Contains("250", await Invite(test, "zoë@example.com", server.Environment()), StringComparison.Ordinal);
        var mail = Assert.Single(await server.Mails())!;
        Assert.Equal("zoë@example.com", Text(mail["to"]));
        Assert.True(mail["secure"]!.GetValue<bool>());
        Assert.Equal("tollkeeper", Text(mail["user"]));
        Assert.Equal("Votre accès à retail-usd", Text(mail["subject"]));
        Assert.Equal("\"retail-usd\" <billing@retail-usd.localhost>", Text(mail["from"]));
        Assert.Contains("/reset-password?token=", Text(mail["text"]), StringComparison.Ordinal);
        Assert.Contains("<a class=\"do\" href=\"http://retail-usd.localhost", Text(mail["html"]),
            StringComparison.Ordinal);
        Assert.Contains("mai_", Text(mail["id"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounce_a_wrong_password_and_a_certificate_that_nobody_trusts_are_told_apart()
    {
        await using var test = await TestDatabase.New(DatabaseKind.Sqlite);
        await using var server = await RealMailServer.Start(test.Folder);
        var provider = await new House(test.Database, SystemClock.Instance).Provider();
        Assert.Contains("550 mailbox unavailable", await Invite(test, "bounce@example.com", server.Environment()),
            StringComparison.Ordinal);
        Assert.Contains("535", await Invite(test, "a@example.com", server.Environment(password: "wrong")),
            StringComparison.Ordinal);
        Assert.Contains("certificate", await Invite(test, "b@example.com", server.Environment(trusting: false)),
            StringComparison.OrdinalIgnoreCase);
        Assert.Empty(await server.Mails());
        var mails = await KeptMailStore.OfProvider(
            test.Database, provider.No, undelivered: true, long.MaxValue, CancellationToken.None);
        Assert.Equal("bounce@example.com", Assert.Single(mails).To);
    }

    static string Text(JsonNode? node) => node!.GetValue<string>();

    static async Task<string> Invite(TestDatabase test, string email, Dictionary<string, string> environment)
    {
        var log = Path.Combine(test.Folder, "command.log");
        environment["TOLLKEEPER_DATA"] = test.Folder;
        environment["TOLLKEEPER_DATABASE"] = "";
        await using var program = ChildProgram.Start(
            "dotnet", log,
            [
                Path.Combine(AppContext.BaseDirectory, "tollkeeper.dll"), "user", "create", "--provider", "retail-usd",
                "--email", email, "--language", "fr",
            ],
            environment);
        Assert.Equal(0, await program.End(TimeSpan.FromSeconds(60)));
        return await File.ReadAllTextAsync(log);
    }
}
