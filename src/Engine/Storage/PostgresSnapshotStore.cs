using System.Buffers.Binary;
using Npgsql;

namespace Tollkeeper.Engine.Storage;

/// <summary>
/// Snapshots of PostgreSQL: a read-only repeatable-read transaction, rows by COPY in the binary format, which costs
/// both sides a fraction of what rows of a query cost.
/// </summary>
sealed class PostgresSnapshotStore(NpgsqlConnection connection) : SnapshotStore
{
    public override bool IsPostgres => true;

    public override void Begin() => Execute(
        "begin isolation level repeatable read read only; set local work_mem = '128MB'; "
        + "set local jit = off; set local statement_timeout = 0");

    public override void End() => Execute("commit");

    public override SnapshotRows Read(string query) =>
        new CopiedRows(connection.BeginRawBinaryCopy($"copy ({query}) to stdout (format binary)"));

    public override async ValueTask DisposeAsync()
    {
        // An open transaction ends with the connection's return to the pool.
        await connection.DisposeAsync();
    }

    void Execute(string text)
    {
        using var command = new NpgsqlCommand(text, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Takes the binary COPY format apart: a 16-bit count of columns, then each with a 32-bit length.
    /// </summary>
    sealed class CopiedRows(NpgsqlRawCopyStream stream) : SnapshotRows
    {
        const int HeaderBytes = 19;

        byte[] buffer = new byte[1 << 16];
        int start;
        int end;
        int at;
        bool begun;

        public override bool Next()
        {
            if (!begun)
            {
                Fill(HeaderBytes);
                start += HeaderBytes + BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(15));
                begun = true;
            }
            Fill(2);
            var columns = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(start));
            if (columns < 0)
            {
                start = end;
                return false;
            }
            var length = 2;
            for (var i = 0; i < columns; i++)
            {
                Fill(length + 4);
                length += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start + length)));
            }
            Fill(length);
            at = start + 2;
            start += length;
            return true;
        }

        public override bool TryLong(out long value)
        {
            if (!TryBytes(out var bytes))
            {
                value = 0;
                return false;
            }
            value = bytes.Length switch
            {
                8 => BinaryPrimitives.ReadInt64BigEndian(bytes),
                4 => BinaryPrimitives.ReadInt32BigEndian(bytes),
                2 => BinaryPrimitives.ReadInt16BigEndian(bytes),
                _ => throw new InvalidOperationException("The column is no number."),
            };
            return true;
        }

        public override bool TryBytes(out ReadOnlySpan<byte> value)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
            at += 4;
            if (length < 0)
            {
                value = default;
                return false;
            }
            value = buffer.AsSpan(at, length);
            at += length;
            return true;
        }

        public override void Dispose() => stream.Dispose();

        /// <summary>Makes sure that so many bytes from the row's start are in the buffer.</summary>
        void Fill(int count)
        {
            if (end - start >= count) return;
            if (start + count > buffer.Length)
            {
                var target = count > buffer.Length / 2 ? new byte[count * 2] : buffer;
                buffer.AsSpan(start, end - start).CopyTo(target);
                (buffer, end, start) = (target, end - start, 0);
            }
            while (end - start < count)
            {
                var read = stream.Read(buffer, end, buffer.Length - end);
                if (read == 0) throw new EndOfStreamException("The database ended its rows in the middle of one.");
                end += read;
            }
        }
    }
}
