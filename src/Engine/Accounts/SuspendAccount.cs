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
                await AccountStore.SetBlocks(connection, transaction, accountNo, Suspension.BlocksOf(set.Value));
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
                await AccountStore.ClearSuspension(connection, transaction, accountNo, reason, by,
                    clock.GetCurrentInstant());
                await AccountStore.SetBlocks(connection, transaction, accountNo, Suspension.BlocksOf(left));
                return left.ToList();
            },
            ct);
}
