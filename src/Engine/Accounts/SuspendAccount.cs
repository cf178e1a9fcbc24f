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
        long accountNo, string reason, Directions blocks, Actor by, string remark = "",
        CancellationToken ct = default) =>
        database.InTransaction<IReadOnlyList<Suspension>>(
            async (connection, transaction) =>
            {
                var standing = await AccountStore.LockSuspensions(connection, transaction, accountNo);
                if (standing.Refused is { } unknown) return unknown;
                var now = clock.GetCurrentInstant().CutToMicros();
                var added = new Suspension(reason, blocks, by.Name, now, remark);
                var set = SuspensionSet.With(standing.Value, added);
                if (set.Refused is { } refused) return refused;
                await AccountStore.AddSuspension(connection, transaction, accountNo, added);
                var stopped = Suspension.BlocksOf(set.Value);
                await AccountStore.SetBlocks(connection, transaction, accountNo, stopped);
                var owner = await AccountStore.ProviderOf(connection, transaction, accountNo);
                var notice = new SuspendedNotice(reason, stopped, now.ToMicros());
                await NoticeStore.Insert(
                    connection, transaction, Notice.ToAccount(owner.Value, accountNo, notice), now);
                var record = new AuditRecord(
                    Act.Suspended, owner.Value, by.UserNo, accountNo, reason, by.Name, by.Address)
                {
                    Before = Words(standing.Value),
                    After = Words(set.Value) + (remark.Length > 0 ? $" ({remark})" : ""),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return set;
            },
            ct);

    internal static string Words(IReadOnlyList<Suspension> reasons) =>
        string.Join(", ", reasons.Select(reason => $"{reason.Reason}: {reason.Blocks}"));
}

/// <summary>
/// Takes one reason from the set, and leaves the others: a payment clears the financial one alone. Clearing what does
/// not stand changes nothing. Refusal: <see cref="Refusal.UnknownAccount"/>.
/// </summary>
public sealed class ClearSuspension(Database database, IClock clock)
{
    /// <returns>The reasons that still stand.</returns>
    public Task<Result<IReadOnlyList<Suspension>>> Run(
        long accountNo, string reason, Actor by, CancellationToken ct = default) =>
        database.InTransaction<IReadOnlyList<Suspension>>(
            async (connection, transaction) =>
            {
                var standing = await AccountStore.LockSuspensions(connection, transaction, accountNo);
                if (standing.Refused is { } unknown) return unknown;
                if (!PlainText.Fits(by.Name, Actor.LongestName)) return new Refused(Refusal.BadText, "by");
                var left = SuspensionSet.Without(standing.Value, reason);
                if (left.Count == standing.Value.Count) return left.ToList();
                var (now, stopped) = (clock.GetCurrentInstant(), Suspension.BlocksOf(left));
                await AccountStore.ClearSuspension(connection, transaction, accountNo, reason, by.Name, now);
                await AccountStore.SetBlocks(connection, transaction, accountNo, stopped);
                var owner = await AccountStore.ProviderOf(connection, transaction, accountNo);
                var notice = new ReturnedNotice(reason, stopped, now.ToMicros());
                await NoticeStore.Insert(
                    connection, transaction, Notice.ToAccount(owner.Value, accountNo, notice), now);
                var record = new AuditRecord(
                    Act.SuspensionCleared, owner.Value, by.UserNo, accountNo, reason, by.Name, by.Address)
                {
                    Before = SuspendAccount.Words(standing.Value),
                    After = SuspendAccount.Words(left),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return left.ToList();
            },
            ct);
}

/// <summary>
/// Closes an account for good: nothing new is let through, what runs ends as it was granted, and the balance stays for
/// whoever settles it. Refusals: <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.AccountClosed"/>.
/// </summary>
public sealed class CloseAccount(Database database, IClock clock)
{
    public Task<Result<Instant>> Run(long accountNo, Actor by, CancellationToken ct = default) =>
        database.InTransaction<Instant>(
            async (connection, transaction) =>
            {
                var owner = await AccountStore.ProviderOf(connection, transaction, accountNo);
                if (owner.Refused is { } unknown) return unknown;
                var now = clock.GetCurrentInstant();
                if (!await AccountStore.Close(connection, transaction, accountNo, now)) return Refusal.AccountClosed;
                var record = new AuditRecord(
                    Act.AccountClosed, owner.Value, by.UserNo, accountNo, "", by.Name, by.Address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return now;
            },
            ct);
}
