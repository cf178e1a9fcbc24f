using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Notifications;

namespace Tollkeeper.Host.Notifications;

/// <summary>
/// Takes mails that are due, writes each and hands it over. What is kept for office and portal is what was sent, but
/// for a link that opens something: its token is made here, goes out with the mail, and is kept nowhere.
/// </summary>
sealed class DeliverMails(
    Database database, IClock clock, ProvidersInForce providers, string fromPattern, WriteLetter writer,
    ICourier courier)
{
    /// <summary>Longer than any mail server is waited for.</summary>
    static readonly Duration Lease = Duration.FromMinutes(5);

    /// <summary>No mail server is waited for any longer.</summary>
    static readonly Duration Longest = Duration.FromMinutes(2);

    int awayInARow;

    /// <summary>Nothing is tried before; the mail server was away.</summary>
    public Instant AwayUntil { get; private set; } = Instant.MinValue;

    /// <param name="noticeNo">Of this notice only; null: of any.</param>
    public Task<IReadOnlyList<ClaimedMail>> Claim(int most, long? noticeNo = null, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        return database.InTransaction(
            (connection, transaction) => MailStore.Claim(
                connection, transaction, now, (now + Lease).CutToMicros(), most, noticeNo),
            ct);
    }

    /// <summary>Whether the claim might end before the mail was handed over.</summary>
    public bool IsNearlyOver(ClaimedMail mail) => clock.GetCurrentInstant() + Longest > mail.LeaseUntil;

    /// <summary>Gives back what was claimed and not begun.</summary>
    public Task Release(IReadOnlyList<ClaimedMail> mails, CancellationToken ct = default)
    {
        var due = Instant.Max(clock.GetCurrentInstant(), AwayUntil);
        return database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await MailStore.Release(connection, transaction, mails, due);
                return true;
            },
            ct);
    }

    /// <summary>Writes down what became of mails, all in one transaction.</summary>
    public Task Record(IReadOnlyList<(MailOutcome Outcome, MailWords? Words)> done, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        return database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                foreach (var (outcome, words) in done)
                    await MailStore.Done(connection, transaction, outcome, words, now);
                return true;
            },
            ct);
    }

    /// <summary>Writes the mail and hands it over; what came of it is still to be recorded.</summary>
    public async Task<(MailOutcome Outcome, MailWords? Words)> Deliver(ClaimedMail mail, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        if (MailRetry.IsTooLate(mail.Kind, mail.CreatedAt, now))
            return (Outcome(mail, MailState.Failed, "too late: its link would have expired"), null);
        var token = await TokenFor(mail, ct);
        if (token.Refused is not null)
            return (Outcome(mail, MailState.Failed, "this is not the user's address any more"), null);
        var kept = await writer.Write(mail, null, kept: true, now);
        var sent = WriteLetter.IsSecret(mail, token.Value)
            ? await writer.Write(mail, token.Value, kept: false, now)
            : kept;
        var handed = await courier.Take(await Addressed(mail, sent, now, ct), ct);
        return (After(mail, handed), kept);
    }

    /// <summary>When to try a mail again that could not even be written; the log says why.</summary>
    public MailOutcome NotWritten(ClaimedMail mail) => LaterOrNever(mail, "it could not be written");

    MailOutcome After(ClaimedMail mail, HandedOver handed)
    {
        if (handed.Verdict != SmtpVerdict.Away) awayInARow = 0;
        switch (handed.Verdict)
        {
            case SmtpVerdict.Goes: return Outcome(mail, MailState.Sent, handed.Answer);
            case SmtpVerdict.Never: return Outcome(mail, MailState.Bounced, handed.Answer);
            case SmtpVerdict.Later: return LaterOrNever(mail, handed.Answer);
            case SmtpVerdict.Away:
                AwayUntil = clock.GetCurrentInstant() + MailRetry.PauseWhileAway(awayInARow++);
                return Outcome(mail, MailState.Queued, handed.Answer, AwayUntil);
        }
        throw new InvalidOperationException($"Nobody knows what becomes of {handed.Verdict}.");
    }

    MailOutcome LaterOrNever(ClaimedMail mail, string answer)
    {
        var next = MailRetry.Next(mail.Kind, mail.Attempts, mail.CreatedAt, clock.GetCurrentInstant());
        return Outcome(mail, next is null ? MailState.Failed : MailState.Queued, answer, next);
    }

    static MailOutcome Outcome(ClaimedMail mail, MailState state, string answer, Instant? due = null) =>
        new(mail.No, mail.LeaseUntil, state, due, answer);

    /// <summary>
    /// Null for a mail without such a link. A link goes to the address that the user has now, and to no other.
    /// </summary>
    async Task<Result<string?>> TokenFor(ClaimedMail mail, CancellationToken ct)
    {
        if (NoticeKinds.LinkOf(mail.Kind) is not { } purpose) return (string?)null;
        if (mail.Data is StrangerNotice stranger)
            return await new AskSignUp(database, clock).IssueToken(mail.ProviderNo, stranger.SignUp, ct);
        if (mail.Data is EmailChangeNotice change)
        {
            return await new ChangeEmail(database, clock).IssueToken(
                change.Change, atFormer: purpose == LinkPurpose.LeaveEmail, ct);
        }
        Demand.That(mail.UserNo is not null, "a link is for a user");
        Result<User> user;
        await using (var connection = await database.Connect(ct))
        {
            user = await UserStore.Find(connection, null, mail.UserNo.Value);
        }
        if (user.Refused is { } gone) return gone;
        if (user.Value.Locked || user.Value.Email.Key != mail.To.Key) return Refusal.UnknownUser;
        return await new MailLinks(database, clock).Issue(user.Value, purpose, ct);
    }

    async Task<OutgoingMail> Addressed(ClaimedMail mail, MailWords words, Instant now, CancellationToken ct)
    {
        var provider = providers.ByNo(mail.ProviderNo).Value;
        return new OutgoingMail(
            mail.Id, provider.Host, SmtpSettings.FromOf(fromPattern, provider.Host),
            providers.BrandOf(provider).Brand.Name, mail.To, mail.Language, words, now, await FileOf(mail, ct));
    }

    async Task<MailFile?> FileOf(ClaimedMail mail, CancellationToken ct)
    {
        if (mail.FileNo is not { } fileNo) return null;
        await using var connection = await database.Connect(ct);
        var (name, mediaType, content) = await MailStore.File(connection, fileNo);
        return new MailFile(name, mediaType, content);
    }
}
