using System.Security.Cryptography;
using NodaTime;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Does what a form asks for once, however often it is sent: the same key again is answered with what the first one led
/// to. A form that was refused may be corrected and sent again.
/// </summary>
public sealed class SendOnce(Database database, IClock clock)
{
    const int KeyBytes = 15;
    const int KeyLength = KeyBytes * 8 / 5;
    const int MostLooks = 50;

    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// A repeat is the same press of a button; what the form led to may be something that is to be seen once.
    /// </summary>
    public static readonly Duration Remembered = Duration.FromMinutes(10);

    /// <summary>The key of a form that is about to be shown.</summary>
    public static string NewKey() => PublicId.Base32(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>
    /// Refusals: those of the work, and <see cref="Refusal.FormSent"/> where the first sending takes too long or was
    /// long ago, or for a key that no form of ours has. A repeat waits for the first.
    /// </summary>
    /// <param name="work">Done to its end even if nobody waits any more. Its value is what a repeat is answered with,
    /// kept as it is.</param>
    public async Task<Result<byte[]>> Run(
        long userNo, string? key, Func<Task<Result<byte[]>>> work, CancellationToken ct = default)
    {
        if (key is not { Length: KeyLength } || !key.All(char.IsAsciiLetterOrDigit)) return Refusal.FormSent;
        using var timer = new PeriodicTimer(BetweenLooks);
        for (var look = 0; look < MostLooks; look++)
        {
            var now = clock.GetCurrentInstant();
            if (await Write((connection, transaction) =>
                FormKeyStore.Claim(connection, transaction, userNo, key, now), ct))
                return await Do(userNo, key, work);
            if (await Kept(userNo, key, ct) is var (sentAt, outcome))
            {
                if (sentAt < now - Remembered) return Refusal.FormSent;
                if (outcome is not null) return outcome;
            }
            // Still at it; or refused meanwhile, and then this sending is the next to try.
            await timer.WaitForNextTickAsync(ct);
        }
        return Refusal.FormSent;
    }

    async Task<Result<byte[]>> Do(long userNo, string key, Func<Task<Result<byte[]>>> work)
    {
        Result<byte[]>? done = null;
        try
        {
            done = await work();
            return done.Value;
        }
        finally
        {
            // Begun is finished, whether or not somebody still waits for the answer.
            await Write(
                async (connection, transaction) =>
                {
                    if (done is { Accepted: true } accepted)
                        await FormKeyStore.Done(connection, transaction, userNo, key, accepted.Value);
                    else await FormKeyStore.Release(connection, transaction, userNo, key);
                    return true;
                },
                CancellationToken.None);
        }
    }

    async Task<(Instant SentAt, byte[]? Outcome)?> Kept(long userNo, string key, CancellationToken ct)
    {
        await using var connection = await database.ConnectForPage(ct);
        return await FormKeyStore.Find(connection, userNo, key);
    }

    Task<bool> Write(
        Func<System.Data.Common.DbConnection, System.Data.Common.DbTransaction, Task<bool>> work,
        CancellationToken ct) =>
        database.InTransaction(work, ct);
}
