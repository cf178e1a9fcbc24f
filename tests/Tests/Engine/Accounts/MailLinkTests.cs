using System.Text;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Engine.Accounts;

public sealed class MailLinkTests
{
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task A_reset_link_works_once_however_often_it_is_used_at_once(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var otherDatabase = test.OpenAgain();
        var people = new SomePeople(test.Database, clock);
        var provider = await new House(test.Database, clock).Provider();
        var ana = await people.User(provider, confirmed: false);
        var session = await people.SignIn(ana);
        var links = new MailLinks(test.Database, clock);
        var (token, older) = (await links.Issue(ana, LinkPurpose.ResetPassword),
            await links.Issue(ana, LinkPurpose.Invitation));
        Assert.Equal((ana.No, LinkPurpose.ResetPassword), await Look(token));
        var resets = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(() =>
            new MailLinks(n % 2 == 0 ? test.Database : otherDatabase, clock)
                .ResetPassword(provider.No, token, $"hash {n}", "127.0.0.1", null))));
        var reset = Assert.Single(resets, one => one.Accepted).Value;
        Assert.All(resets.Where(one => !one.Accepted), one => Assert.Equal(Refusal.LinkSpent, one.Refused!.Refusal));
        var kept = await people.Read(ana);
        Assert.Equal((reset.PasswordHash, true), (kept.PasswordHash, kept.EmailConfirmed));
        Assert.NotEqual(ana.Stamp, kept.Stamp);
        Assert.Equal(Refusal.NotSignedIn, (await people.Node().Find(session)).Refused?.Refusal);
        Assert.Null(await Look(token));
        Assert.Null(await Look(older));

        async Task<(long, LinkPurpose)?> Look(string text)
        {
            var found = await links.Look(provider.No, text);
            return found.Accepted ? (found.Value.User.No, found.Value.Purpose) : null;
        }
    }

    [BothDatabases]
    public async Task A_link_is_good_for_its_purpose_its_provider_its_address_and_its_time(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var (house, people) = (new House(test.Database, clock), new SomePeople(test.Database, clock));
        var (provider, other) = (await house.Provider(), await house.Provider("retail-cad"));
        var ana = await people.User(provider, confirmed: false);
        var links = new MailLinks(test.Database, clock);
        var confirm = await links.Issue(ana, LinkPurpose.ConfirmEmail);
        Assert.Equal(Refusal.LinkSpent,
            (await links.ResetPassword(provider.No, confirm, "hash", "", null)).Refused?.Refusal);
        Assert.Equal(Refusal.LinkSpent, (await links.ConfirmEmail(other.No, confirm, "")).Refused?.Refusal);
        foreach (var wrong in new[] { null, "", "x", confirm[..^1] + (confirm[^1] == 'A' ? 'B' : 'A') })
            Assert.Equal(Refusal.LinkSpent, (await links.ConfirmEmail(provider.No, wrong, "")).Refused?.Refusal);
        Assert.True((await links.ConfirmEmail(provider.No, confirm, "")).Value.EmailConfirmed);
        Assert.Equal(Refusal.LinkSpent, (await links.ConfirmEmail(provider.No, confirm, "")).Refused?.Refusal);

        var reset = await links.Issue(ana, LinkPurpose.ResetPassword);
        var late = await links.Issue(ana, LinkPurpose.ConfirmEmail);
        var moved = await links.Issue(ana, LinkPurpose.ConfirmEmail);
        clock.Move(Duration.FromHours(1));
        Assert.Equal(
            Refusal.LinkSpent, (await links.ResetPassword(provider.No, reset, "h", "", null)).Refused?.Refusal);
        Assert.True((await links.ConfirmEmail(provider.No, late, "")).Accepted);
        var elsewhere = await people.Read(ana) with { Email = SomePeople.Address("ana@other.example") };
        Assert.True((await new SaveUser(test.Database, clock).Run(elsewhere, null)).Accepted);
        Assert.Equal(Refusal.LinkSpent, (await links.ConfirmEmail(provider.No, moved, "")).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task The_text_of_a_link_is_not_kept(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var ana = await people.User(await new House(test.Database, clock).Provider());
        var token = await new MailLinks(test.Database, clock).Issue(ana, LinkPurpose.ResetPassword);
        await using var connection = await test.Database.Connect();
        var kept = await connection.QuerySingleAsync<byte[]>("select token_sha256 from mail_link");
        Assert.Equal(32, kept.Length);
        Assert.NotEqual(Encoding.UTF8.GetBytes(token), kept);
    }

    [BothDatabases]
    public async Task What_a_form_led_to_is_kept_as_long_as_a_repeat_is_answered_with_it(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var once = new SendOnce(test.Database, clock);
        var (key, done) = (SendOnce.NewKey(), 0);
        Assert.True((await once.Run(1, key, Work)).Accepted);
        clock.Move(SendOnce.Remembered);
        await Forget();
        Assert.Equal([42], (await once.Run(1, key, Work)).Value);
        clock.Move(Duration.FromSeconds(1));
        await Forget();
        await using var connection = await test.Database.Connect();
        Assert.Null((await FormKeyStore.Find(connection, 1, key))!.Value.Outcome);
        Assert.Equal(Refusal.FormSent, (await once.Run(1, key, Work)).Refused?.Refusal);
        Assert.Equal(1, done);

        Task Forget() =>
            FormKeyStore.ForgetOutcomesBefore(test.Database, clock.Now - SendOnce.Remembered, default);

        Task<Result<byte[]>> Work()
        {
            done++;
            return Task.FromResult<Result<byte[]>>(new byte[] { 42 });
        }
    }

    [BothDatabases]
    public async Task A_form_sent_many_times_at_once_is_done_once_and_its_repeats_get_the_same_answer(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var people = new SomePeople(test.Database, clock);
        var ana = await people.User(await new House(test.Database, clock).Provider());
        var once = new SendOnce(test.Database, clock);
        var key = SendOnce.NewKey();
        var done = 0;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Task.Run(() => once.Run(ana.No, key, Work))));
        Assert.Equal(1, done);
        Assert.All(answers, answer => Assert.True(answer.Accepted || answer.Refused!.Refusal == Refusal.FormSent));
        Assert.Equal([42], (await once.Run(ana.No, key, Work)).Value);
        Assert.Equal([42], (await once.Run(ana.No + 1, key, Work)).Value);
        Assert.Equal(2, done);

        // One that broke off has done nothing, and the next one does it; one that was refused is tried again.
        var broken = SendOnce.NewKey();
        await Assert.ThrowsAsync<TimeoutException>(() => once.Run(1, broken, () => throw new TimeoutException()));
        var (begun, refuse) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = once.Run(1, broken, async () =>
        {
            begun.SetResult();
            await refuse.Task;
            return Refusal.PasswordWrong;
        });
        await begun.Task;
        var second = once.Run(1, broken, () => Task.FromResult<Result<byte[]>>(Refusal.CodeWrong));
        refuse.SetResult();
        Assert.Equal(
            (Refusal.PasswordWrong, Refusal.CodeWrong),
            ((await first).Refused?.Refusal, (await second).Refused?.Refusal));

        var corrected = SendOnce.NewKey();
        Assert.Equal(Refusal.CodeWrong,
            (await once.Run(ana.No, corrected, () => Task.FromResult<Result<byte[]>>(Refusal.CodeWrong)))
                .Refused?.Refusal);
        Assert.True((await once.Run(ana.No, corrected, Work)).Accepted);
        foreach (var bad in new[] { null, "", "short", key + "x", "'; drop table session; " })
            Assert.Equal(Refusal.FormSent, (await once.Run(ana.No, bad, Work)).Refused?.Refusal);

        Task<Result<byte[]>> Work()
        {
            Interlocked.Increment(ref done);
            return Task.FromResult<Result<byte[]>>(new byte[] { 42 });
        }
    }
}
