using System.Diagnostics;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Who goes first when there is more than one batch holds: money that comes back or in, then new calls, then long work.
/// </summary>
public enum BookPriority
{
    EndsAndMoneyIn = 0,
    Authorizes = 1,
    BulkWork = 2,
}

/// <summary>
/// One movement of a customer's money, asked of the <see cref="Bookkeeper"/>. Its decision may be made more than once
/// (a batch that was rolled back is decided anew) but only the committed one is answered.
/// </summary>
public abstract class BookRequest
{
    public abstract BookPriority Priority { get; }

    /// <summary>
    /// The account whose wallets it touches; 0 when only the call is known, or nothing but a mark is to be left.
    /// </summary>
    public long AccountNo { get; init; }
    public CallKey? Call { get; init; }

    /// <summary>The account that the call is thought to belong to; only decides what is locked first.</summary>
    internal long AccountHint { get; set; }
    public EntryKey? Key { get; init; }

    /// <summary>An earlier entry that the decision needs to see, such as the one to reverse.</summary>
    public EntryRef? Entry { get; init; }

    /// <summary>
    /// After this <see cref="System.Diagnostics.Stopwatch"/> timestamp it is dropped undecided; 0 never.
    /// </summary>
    public long DeadlineTimestamp { get; init; }

    /// <summary>The deadline of what is only of use to who still waits for it.</summary>
    public static long Within(TimeSpan patience) =>
        Stopwatch.GetTimestamp() + (long)(patience.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Whether the decision needs the earlier renewals of its call.</summary>
    internal virtual bool ReadsRenewals => false;

    internal abstract void Decide(Books books);

    internal abstract void Answer();

    internal abstract void Refuse(Refused refused);

    internal abstract void Break(Exception exception);
}

public readonly record struct EntryRef(long WalletNo, long Seq);

public abstract class BookRequest<T> : BookRequest
{
    readonly TaskCompletionSource<Result<T>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Result<T> decided;

    public Task<Result<T>> Answered => answer.Task;

    /// <summary>
    /// Decides against the books as they stand, and tells them what to change; or refuses and leaves them.
    /// </summary>
    protected abstract Result<T> Decision(Books books);

    internal sealed override void Decide(Books books) => decided = Decision(books);

    internal sealed override void Answer() => answer.TrySetResult(decided);

    internal sealed override void Refuse(Refused refused) => answer.TrySetResult(refused);

    internal sealed override void Break(Exception exception) => answer.TrySetException(exception);
}
