using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tollkeeper.Engine.Storage;

/// <summary>Of what a backup was made: the database's kind, and the migrations that its schema had.</summary>
public sealed record BackupHeader(int Format, string Database, IReadOnlyList<string> Migrations, long MadeAtMicros)
{
    public const int Newest = 1;
    public const string Postgres = "postgres";
    public const string Sqlite = "sqlite";
}

/// <summary>What a record of a backup holds; the values are the bytes in the file.</summary>
enum BackupRecord : byte
{
    Header = (byte)'H',
    Partition = (byte)'P',
    Table = (byte)'T',
    Rows = (byte)'D',
    Sum = (byte)'S',
}

/// <summary>A table whose rows follow; <c>sqlite</c> is a whole database file.</summary>
sealed record BackupTable(string Name, IReadOnlyList<string> Columns);

/// <summary>A partition as PostgreSQL words its bounds.</summary>
sealed record BackupPartition(string Name, string Of, string Bound);

/// <summary>
/// A backup is a row of records, each one byte of kind, four of length (big-endian) and so many bytes: a header in
/// JSON, partitions in JSON, then for each table its name and columns in JSON and its rows as the database's binary
/// COPY gave them, and at last the SHA-256 of everything before that record.
/// </summary>
static class BackupFile
{
    public const string Magic = "TOLLKEEPER BACKUP\n";
    public const int MostBytes = 1 << 20;
    const int HeadBytes = 5;

    /// <summary>A new file that only its owner may read.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 1 << 16,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>
    /// The header of a whole and unchanged file; all of it is read. Refusal: <see cref="Refusal.FileUnreadable"/>.
    /// </summary>
    public static Result<BackupHeader> Check(string path)
    {
        if (!File.Exists(path)) return Unreadable(path, "there is no such file");
        BackupHeader? header = null;
        try
        {
            foreach (var (kind, bytes) in Read(path))
                if (kind == BackupRecord.Header) header ??= JsonSerializer.Deserialize<BackupHeader>(bytes.Span);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            return Unreadable(path, exception.Message);
        }
        if (header is null || header.Format != BackupHeader.Newest) return Unreadable(path, "it is of another format");
        return header;
    }

    /// <summary>The records in order without the last; what they show is gone with the next.</summary>
    /// <exception cref="InvalidDataException">It is no backup, is cut off, or its checksum is wrong.</exception>
    public static IEnumerable<(BackupRecord Kind, ReadOnlyMemory<byte> Bytes)> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[MostBytes];
        Take(Magic.Length, "it is no backup");
        if (!buffer.AsSpan(0, Magic.Length).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(Magic)))
            throw new InvalidDataException("it is no backup");
        sum.AppendData(buffer, 0, Magic.Length);
        while (true)
        {
            Take(HeadBytes, "it is cut off");
            var kind = (BackupRecord)buffer[0];
            var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(1));
            if (!Enum.IsDefined(kind) || length is < 0 or > MostBytes) throw new InvalidDataException("it is damaged");
            if (kind != BackupRecord.Sum) sum.AppendData(buffer, 0, HeadBytes);
            Take(length, "it is cut off");
            if (kind == BackupRecord.Sum)
            {
                if (!buffer.AsSpan(0, length).SequenceEqual(sum.GetHashAndReset()))
                    throw new InvalidDataException("its checksum is wrong");
                if (file.ReadByte() >= 0) throw new InvalidDataException("something follows its end");
                yield break;
            }
            sum.AppendData(buffer, 0, length);
            yield return (kind, buffer.AsMemory(0, length));
        }

        void Take(int count, string otherwise)
        {
            if (file.ReadAtLeast(buffer.AsSpan(0, count), count, throwOnEndOfStream: false) < count)
                throw new InvalidDataException(otherwise);
        }
    }

    static Refused Unreadable(string path, string why) =>
        new(Refusal.FileUnreadable, $"backup {Path.GetFileName(path)}: {why}");
}

/// <summary>Writes records one after the other and keeps their checksum.</summary>
sealed class BackupWriter : IDisposable
{
    readonly Stream file;
    readonly IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] rows = new byte[BackupFile.MostBytes];
    int used;

    public BackupWriter(Stream file)
    {
        this.file = file;
        Put(System.Text.Encoding.ASCII.GetBytes(BackupFile.Magic));
    }

    public void Json<T>(BackupRecord kind, T value)
    {
        FlushRows();
        Record(kind, JsonSerializer.SerializeToUtf8Bytes(value));
    }

    /// <summary>Copies a stream as the rows of the table that was named last.</summary>
    public void Rows(Stream from)
    {
        int read;
        while ((read = from.Read(rows, used, rows.Length - used)) > 0)
        {
            used += read;
            if (used == rows.Length) FlushRows();
        }
        FlushRows();
    }

    public void Finish()
    {
        FlushRows();
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)BackupRecord.Sum;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], SHA256.HashSizeInBytes);
        file.Write(head);
        file.Write(sum.GetHashAndReset());
    }

    public void Dispose() => sum.Dispose();

    void FlushRows()
    {
        if (used > 0) Record(BackupRecord.Rows, rows.AsSpan(0, used));
        used = 0;
    }

    void Record(BackupRecord kind, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], bytes.Length);
        Put(head);
        Put(bytes);
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        sum.AppendData(bytes);
        file.Write(bytes);
    }
}
