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
        bytes.Add(former);
        bytes.Add(entry.WalletNo);
        bytes.Add(entry.Seq);
        bytes.Add((int)entry.Kind);
        bytes.Add(entry.AmountMicros);
        bytes.Add(entry.BalanceMicros);
        bytes.Add(entry.OccurredAt.ToMicros());
        bytes.Add(entry.RecordedAt.ToMicros());
        bytes.Add(entry.CallN ?? 0);
        bytes.Add(entry.Reference);
        bytes.Add(entry.ReversesSeq ?? 0);
        foreach (var posting in entry.Postings)
        {
            bytes.Add(posting.Debit);
            bytes.Add(posting.Credit);
            bytes.Add(posting.AmountMicros);
        }
        return SHA256.HashData(bytes.Written);
    }

    /// <summary>Grows only where an entry's texts are long; the usual entry stays on the stack.</summary>
    ref struct CanonicalBytes(Span<byte> start)
    {
        Span<byte> bytes = start;
        int length;

        public readonly ReadOnlySpan<byte> Written => bytes[..length];

        public void Add(ReadOnlySpan<byte> value)
        {
            value.CopyTo(Room(value.Length));
        }

        public void Add(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

        public void Add(string? value)
        {
            if (value is null)
            {
                Add(-1L);
                return;
            }
            Add((long)Encoding.UTF8.GetByteCount(value));
            Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetByteCount(value)));
        }

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
}
