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

    /// <summary>The key of a form that is about to be shown.</summary>
    public static string NewKey() => PublicId.Base32(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>
    /// Refusals: those of the work, and <see cref="Refusal.FormSent"/> while the first sending is still at it or broke
    /// off, or for a key that no form of ours has.
    /// </summary>
    /// <param name="work">Its value is what a repeat is answered with; it is kept as it is.</param>
    public async Task<Result<byte[]>> Run(
        long userNo, string? key, Func<Task<Result<byte[]>>> work, CancellationToken ct = default)
    {
        if (key is not { Length: KeyLength } || !key.All(char.IsAsciiLetterOrDigit)) return Refusal.FormSent;
        var now = clock.GetCurrentInstant();
        var first = await Write((connection, transaction) =>
            FormKeyStore.Claim(connection, transaction, userNo, key, now), ct);
        if (!first)
        {
            await using var connection = await database.Connect(ct);
            return await FormKeyStore.Outcome(connection, userNo, key) is { } outcome ? outcome : Refusal.FormSent;
        }
        var done = await work();
        // Begun is finished, whether or not somebody still waits for the answer.
        await Write(
            async (connection, transaction) =>
            {
                if (done.Accepted) await FormKeyStore.Done(connection, transaction, userNo, key, done.Value);
                else await FormKeyStore.Release(connection, transaction, userNo, key);
                return true;
            },
            CancellationToken.None);
        return done;
    }

    Task<bool> Write(
        Func<System.Data.Common.DbConnection, System.Data.Common.DbTransaction, Task<bool>> work,
        CancellationToken ct) =>
        database.InTransaction(work, ct);
}
