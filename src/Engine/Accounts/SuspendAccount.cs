using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Adds a reason to the set that suspends an account (R50, R67, C20); what the account is barred from changes with it.
/// Refusals: <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.BadText"/>, <see cref="Refusal.AlreadyExists"/>.
/// </summary>
public sealed class SuspendAccount(Database database, IClock clock)
{
    /// <returns>The reasons that now stand.</returns>
    public Task<Result<IReadOnlyList<Suspension>>> Run(
        long accountNo, string reason, Directions blocks, string by, CancellationToken ct = default) =>
        database.InTransaction<IReadOnlyList<Suspension>>(
            async (connection, transaction) =>
            {
                var standing = await AccountStore.LockSuspensions(connection, transaction, accountNo);
                if (standing.Refused is { } unknown) return unknown;
                var added = new Suspension(reason, blocks, by, clock.GetCurrentInstant().CutToMicros());
                var set = SuspensionSet.With(standing.Value, added);
                if (set.Refused is { } refused) return refused;
                await AccountStore.AddSuspension(connection, transaction, accountNo, added);
                var stopped = Suspension.BlocksOf(set.Value);
                await AccountStore.SetBlocks(connection, transaction, accountNo, stopped);
                var provider = await KeyStore.ProviderOfAccount(connection, transaction, accountNo);
                var notice = new SuspendedNotice(reason, stopped, added.Since.ToMicros());
                await NoticeStore.Insert(
                    connection, transaction, Notice.ToAccount(provider.Value, accountNo, notice), added.Since);
                return set;
            },
            ct);
}

/// <summary>
/// Takes one reason from the set, and leaves the others: a payment clears the financial one alone. Clearing what does
/// not stand changes nothing. Refusal: <see cref="Refusal.UnknownAccount"/>.
/// </summary>
public sealed class ClearSuspension(Database database, IClock clock)
{
    /// <returns>The reasons that still stand.</returns>
    public Task<Result<IReadOnlyList<Suspension>>> Run(long accountNo, string reason, string by,
        CancellationToken ct = default) =>
        database.InTransaction<IReadOnlyList<Suspension>>(
            async (connection, transaction) =>
            {
                var standing = await AccountStore.LockSuspensions(connection, transaction, accountNo);
                if (standing.Refused is { } unknown) return unknown;
                if (!PlainText.Fits(by, 100)) return new Refused(Refusal.BadText, "by");
                var left = SuspensionSet.Without(standing.Value, reason);
                if (left.Count == standing.Value.Count) return left.ToList();
                var (now, stopped) = (clock.GetCurrentInstant(), Suspension.BlocksOf(left));
                await AccountStore.ClearSuspension(connection, transaction, accountNo, reason, by, now);
                await AccountStore.SetBlocks(connection, transaction, accountNo, stopped);
                var provider = await KeyStore.ProviderOfAccount(connection, transaction, accountNo);
                var notice = new ReturnedNotice(reason, stopped, now.ToMicros());
                await NoticeStore.Insert(
                    connection, transaction, Notice.ToAccount(provider.Value, accountNo, notice), now);
                return left.ToList();
            },
            ct);
}
