using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>A page of entries in plain arrays, used again for every page.</summary>
sealed class AuditedEntries
{
    readonly EntryNumbers[] entries = new EntryNumbers[AuditStore.EntriesOfPage];
    readonly (int At, int Length)[] references = new (int, int)[AuditStore.EntriesOfPage];
    readonly (int At, int Length)[] hashes = new (int, int)[AuditStore.EntriesOfPage];
    byte[] bytes = new byte[AuditStore.EntriesOfPage * (EntryChain.HashBytes + 32)];
    int used;

    public int Count { get; private set; }

    public BookPlace LastPlace => new(entries[Count - 1].WalletNo, entries[Count - 1].Seq);

    public ref readonly EntryNumbers Entry(int i) => ref entries[i];

    public bool HasReference(int i) => references[i].Length >= 0;

    public ReadOnlySpan<byte> Reference(int i) => bytes.AsSpan(references[i].At, references[i].Length);

    public ReadOnlySpan<byte> Hash(int i) => bytes.AsSpan(hashes[i].At, hashes[i].Length);

    public void Read(SnapshotRows rows)
    {
        (Count, used) = (0, 0);
        using (rows)
        {
            while (rows.Next())
            {
                var (wallet, seq, kind) = (rows.Long(), rows.Long(), rows.Int());
                var (amount, balance) = (rows.Long(), rows.Long());
                var (occurred, recorded) = (rows.Long(), rows.Long());
                rows.TryLong(out var call);
                references[Count] = rows.TryBytes(out var reference) ? Keep(reference) : (0, -1);
                rows.TryLong(out var reverses);
                hashes[Count] = Keep(rows.Bytes());
                entries[Count++] =
                    new EntryNumbers(wallet, seq, kind, amount, balance, occurred, recorded, call, reverses);
            }
        }
    }

    (int At, int Length) Keep(ReadOnlySpan<byte> value)
    {
        if (used + value.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + value.Length));
        value.CopyTo(bytes.AsSpan(used));
        used += value.Length;
        return (used - value.Length, value.Length);
    }
}
