using System.Collections.Concurrent;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Which account a call that this node let through belongs to: a hint that puts its end into the line of its account.
/// A call that is not here is looked up in the books; nothing is decided by it.
/// </summary>
sealed class OpenCalls
{
    const int Limit = 500_000;

    readonly ConcurrentDictionary<CallKey, long> accounts = new();
    int count;

    public void Add(CallKey call, long accountNo)
    {
        // Calls that ended at another node are never taken out here; a full list starts anew, which only costs
        // look-ups.
        if (Interlocked.Increment(ref count) > Limit)
        {
            accounts.Clear();
            Volatile.Write(ref count, 1);
        }
        accounts[call] = accountNo;
    }

    public long AccountOf(CallKey call) => accounts.GetValueOrDefault(call);

    public void Remove(CallKey call)
    {
        if (accounts.TryRemove(call, out _)) Interlocked.Decrement(ref count);
    }
}
