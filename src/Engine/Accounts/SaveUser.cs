using System.Security.Cryptography;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Saves a changed user; what every node knows of the user's sessions is read again within a second. Where the stamp
/// changed, all of the user's sessions end but the one that made the change. Refusal:
/// <see cref="Refusal.ChangedMeanwhile"/>, when somebody else saved the user since it was read.
/// </summary>
public sealed class SaveUser(Database database, IClock clock)
{
    public Task<Result<User>> Run(User user, string? keepSession, CancellationToken ct = default) =>
        Run(user, keepSession, null, ct);

    /// <param name="keepSession">The id of the session that goes on whatever changes; null for none.</param>
    /// <param name="tell">What the user is told of the change, and when it was.</param>
    /// <returns>The user with the new version.</returns>
    public Task<Result<User>> Run(
        User user, string? keepSession, (NoticeData Data, Instant At)? tell, CancellationToken ct = default) =>
        database.InTransaction<User>(
            async (connection, transaction) =>
            {
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Session);
                if (!await UserStore.Update(connection, transaction, user, revision)) return Refusal.ChangedMeanwhile;
                if (keepSession is not null)
                    await SessionStore.Keep(connection, transaction, keepSession, user.No, user.Stamp, revision);
                await ActingEnds.OfEnded(
                    connection, transaction, user, revision, clock.GetCurrentInstant(), user.Email.Text);
                if (tell is { } told)
                    await NoticeStore.Insert(connection, transaction, Notice.ToUser(user, told.Data), told.At);
                return user with { Version = user.Version + 1 };
            },
            ct);

    /// <summary>A stamp that no user had before.</summary>
    public static string NewStamp() => PublicId.Base32(RandomNumberGenerator.GetBytes(20));
}

/// <summary>
/// Accepts a step of an authenticator's codes, once: two requests with the same code at the same moment are one
/// sign-in. Refusal: <see cref="Refusal.CodeWrong"/>.
/// </summary>
public sealed class AcceptCode(Database database, IClock clock)
{
    public Task<Result<long>> Run(User user, ReadOnlyMemory<byte> key, string typed, CancellationToken ct = default) =>
        database.InTransaction<long>(
            async (connection, transaction) =>
            {
                // Judged by what the row says now, not by what the user's object was read with.
                var found = await UserStore.Find(connection, transaction, user.No);
                if (found.Refused is { } unknown) return unknown;
                var step = TimedCode.Accept(key.Span, typed, clock.GetCurrentInstant(), found.Value.AuthenticatorStep);
                if (step is not { } accepted) return Refusal.CodeWrong;
                return await UserStore.AcceptStep(connection, transaction, user.No, accepted)
                    ? accepted
                    : Refusal.CodeWrong;
            },
            ct);
}
