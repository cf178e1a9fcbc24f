using System.Buffers.Binary;
using System.Collections.Concurrent;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>How much an audit has looked at so far.</summary>
public sealed class AuditCounts
{
    long wallets;
    long entries;
    long postings;
    long calls;
    long holds;

    public long Wallets => Volatile.Read(ref wallets);
    public long Entries => Volatile.Read(ref entries);
    public long Postings => Volatile.Read(ref postings);
    public long Calls => Volatile.Read(ref calls);

    /// <summary>A hold counts with each wallet of its account that lies in another range.</summary>
    public long Holds => Volatile.Read(ref holds);

    internal void Add(long moreWallets, long moreEntries, long morePostings, long moreCalls, long moreHolds)
    {
        Interlocked.Add(ref wallets, moreWallets);
        Interlocked.Add(ref entries, moreEntries);
        Interlocked.Add(ref postings, morePostings);
        Interlocked.Add(ref calls, moreCalls);
        Interlocked.Add(ref holds, moreHolds);
    }
}

/// <summary>What was found, from any thread; the first thousand are kept, all are counted.</summary>
sealed class AuditFindings
{
    const int Most = 1_000;

    readonly ConcurrentQueue<AuditFinding> kept = new();
    long count;

    public long Count => Volatile.Read(ref count);

    public void Add(AuditFinding finding)
    {
        if (Interlocked.Increment(ref count) <= Most) kept.Enqueue(finding);
    }

    public IReadOnlyList<AuditFinding> InOrder() =>
        [.. kept.OrderBy(each => each.WalletNo).ThenBy(each => each.Place).ThenBy(each => each.Check)];
}

/// <summary>
/// Which call keys were seen, in a set of bits that never grows: a key that seems to come twice is looked up in the
/// books, one that comes twice always seems to.
/// </summary>
sealed class CallKeysSeen
{
    const long MostWords = 1L << 25;

    readonly ulong[] words;

    public CallKeysSeen(long calls)
    {
        var wanted = 1L << 10;
        while (wanted < MostWords && wanted * 2 < calls) wanted <<= 1;
        words = new ulong[wanted];
    }

    /// <summary>False when a key seen before may have been this one.</summary>
    public bool Add(ReadOnlySpan<byte> key)
    {
        // The key is a hash itself: its bytes choose a word and four bits there, and one step sees and sets them all.
        var place = BinaryPrimitives.ReadUInt64BigEndian(key) & ((ulong)words.Length - 1);
        var bits = 1UL << (key[8] & 63) | 1UL << (key[9] & 63) | 1UL << (key[10] & 63) | 1UL << (key[11] & 63);
        return (Interlocked.Or(ref words[place], bits) & bits) != bits;
    }
}
