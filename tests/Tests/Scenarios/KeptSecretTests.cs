using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>What the key file is for, and whose word about a request is believed.</summary>
public sealed class KeptSecretTests
{
    const string Password = "correct horse battery";
    const string Home = "/office/customers";

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_restart_keeps_people_signed_in_and_another_key_file_is_refused(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        string cookie;
        ServedPeople.Somebody staff;
        await using (var before = await Served.Start(test, clock, borrowed: true))
        {
            staff = await before.Staff();
            using var ana = before.At(staff.Provider);
            Assert.Equal(Home, (await ana.SignIn(staff.Email, Password)).Path);
            cookie = ana.Cookies["tollkeeper"];
        }
        await using (var after = await Served.Start(test, clock, borrowed: true))
        {
            using var ana = after.At(staff.Provider);
            ana.Cookies["tollkeeper"] = cookie;
            Assert.Equal(200, (await ana.Open(Home)).Status);
        }
        await using (var connection = await test.Database.Connect())
        {
            var keys = (await connection.QueryAsync<string>("select xml from data_protection_key")).ToList();
            Assert.NotEmpty(keys);
            Assert.All(keys, key => Assert.Contains("<sealed", key, StringComparison.Ordinal));
            Assert.All(keys, key => Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal));
        }
        var other = Path.Combine(test.Folder, "other-key");
        await File.WriteAllBytesAsync(other, new byte[32]);
        var settings = new Settings(test.Folder, test.ConnectionString, "http://127.0.0.1:0", CheckSchemaOnly: false);
        var refused = await Installation.Open(
            settings with { KeyFile = other }, clock, NullLoggerFactory.Instance, serving: true);
        Assert.Equal(Refusal.KeyFileDiffers, refused.Refused?.Refusal);
        refused = await Installation.Open(
            settings with { KeyFile = other + "-of-nobody" }, clock, NullLoggerFactory.Instance, serving: true);
        Assert.Equal(Refusal.FileUnreadable, refused.Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_proxy_that_is_named_is_believed_who_asks_and_over_what_and_nobody_else_is(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        foreach (var (proxies, address, secure) in new[]
        {
            (null, "127.0.0.1", false), ("203.0.113.0/24", "127.0.0.1", false),
            ("127.0.0.1, ::1", "198.51.100.7", true),
        })
        {
            await using var served = await Served.Start(
                test, clock, borrowed: true, settings => settings with { Proxies = proxies });
            var staff = await served.Staff(proxies is null ? "retail-usd" : secure ? "retail-cad" : "wholesale-usd");
            using var ana = served.At(staff.Provider);
            ana.Headers["X-Forwarded-For"] = "198.51.100.7";
            ana.Headers["X-Forwarded-Proto"] = "https";
            ana.Headers["X-Forwarded-Host"] = "evil.example";
            var answer = await ana.Submit(
                await ana.Open("/sign-in"), "sign-in", ("Email", staff.Email), ("Password", Password));
            var cookie = answer.Headers["Set-Cookie"];
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(secure, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
            var record = (await AuditTrailStore.Page(
                test.Database, staff.Provider.No, new RecordFilter(), null, 1, default))[0].Written;
            Assert.Equal(("signed_in", address), (record.Act, record.Address));
        }
        var settings = new Settings(test.Folder, test.ConnectionString, "http://127.0.0.1:0", CheckSchemaOnly: false);
        var refused = await Installation.Open(
            settings with { Proxies = "everybody" }, clock, NullLoggerFactory.Instance, serving: true);
        Assert.Equal(Refusal.SettingInvalid, refused.Refused?.Refusal);
    }
}
