using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Tollkeeper.Ledger;

/// <summary>
/// The hash that ties each entry of a wallet to the one before it: SHA-256 over the former hash and the entry's
/// canonical bytes (numbers big-endian, texts with their length first, instants as whole microseconds).
/// </summary>
public static class EntryChain
{
    public const int HashBytes = 32;

    /// <summary>What the first entry of a wallet is chained to.</summary>
    public static byte[] Start(long walletNo) =>
        SHA256.HashData(Encoding.ASCII.GetBytes($"tollkeeper wallet {walletNo}"));

    public static byte[] Hash(ReadOnlySpan<byte> former, Entry entry)
    {
        var bytes = new CanonicalBytes(stackalloc byte[512]);
        bytes.AddHead(former, new EntryNumbers(
            entry.WalletNo, entry.Seq, (int)entry.Kind, entry.AmountMicros, entry.BalanceMicros,
            entry.OccurredAt.ToMicros(), entry.RecordedAt.ToMicros(), entry.CallN ?? 0, entry.ReversesSeq ?? 0));
        bytes.AddText(entry.Reference);
        bytes.Add(entry.ReversesSeq ?? 0);
        foreach (var posting in entry.Postings)
        {
            bytes.AddText(posting.Debit);
            bytes.AddText(posting.Credit);
            bytes.Add(posting.AmountMicros);
        }
        return SHA256.HashData(bytes.Written);
    }
}

/// <summary>
/// The numbers of an entry as its row has them: micros, instants in microseconds since 1970, none is 0.
/// </summary>
public readonly record struct EntryNumbers(
    long WalletNo, long Seq, int Kind, long AmountMicros, long BalanceMicros, long OccurredAtMicros,
    long RecordedAtMicros, long CallN, long ReversesSeq);

/// <summary>
/// The canonical bytes of one entry, put together from rows without making an <see cref="Entry"/>; grows only where
/// texts are long.
/// </summary>
public ref struct CanonicalBytes(Span<byte> start)
{
    Span<byte> bytes = start;
    int length;

    public readonly ReadOnlySpan<byte> Written => bytes[..length];

    /// <summary>Everything before the reference; the reference, <c>ReversesSeq</c> and the postings follow.</summary>
    public void AddHead(ReadOnlySpan<byte> former, in EntryNumbers entry)
    {
        length = 0;
        former.CopyTo(Room(former.Length));
        Add(entry.WalletNo);
        Add(entry.Seq);
        Add(entry.Kind);
        Add(entry.AmountMicros);
        Add(entry.BalanceMicros);
        Add(entry.OccurredAtMicros);
        Add(entry.RecordedAtMicros);
        Add(entry.CallN);
    }

    public void Add(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

    public void AddText(string? value)
    {
        if (value is null)
        {
            AddNoText();
            return;
        }
        var count = Encoding.UTF8.GetByteCount(value);
        Add(count);
        Encoding.UTF8.GetBytes(value, Room(count));
    }

    public void AddText(ReadOnlySpan<byte> utf8)
    {
        Add(utf8.Length);
        utf8.CopyTo(Room(utf8.Length));
    }

    public void AddNoText() => Add(-1);

    Span<byte> Room(int count)
    {
        if (length + count > bytes.Length)
        {
            var larger = new byte[Math.Max(bytes.Length * 2, length + count)];
            Written.CopyTo(larger);
            bytes = larger;
        }
        var room = bytes.Slice(length, count);
        length += count;
        return room;
    }
}
