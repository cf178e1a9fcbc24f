using System.Data.Common;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// The outbox: what people are to be told, in the transaction of what it reports. It stands here, before Notifications,
/// because every operation writes it, as it writes its audit record; who is told, and how, is decided there.
/// </summary>
public static class NoticeStore
{
    const string Again = " on conflict (once_key) do nothing";

    sealed record Row(Notice Notice, Instant At, Instant? ExpandedAt);

    static readonly Table<Row> Rows = new Table<Row>("notice")
        .Int("provider_no", row => row.Notice.ProviderNo)
        .Long("account_no", row => row.Notice.AccountNo)
        .Long("user_no", row => row.Notice.UserNo)
        .Small("kind", row => (short)row.Notice.Kind)
        .Text("data", row => row.Notice.Data.ToJson())
        .Long("file_no", row => row.Notice.FileNo)
        .Text("once_key", row => row.Notice.OnceKey)
        .Long("at_micros", row => row.At.ToMicros())
        .Long("expanded_at_micros", row => row.ExpandedAt?.ToMicros());

    /// <summary>The notice's number; null when there was one of its key before.</summary>
    public static Task<long?> Insert(
        DbConnection connection, DbTransaction transaction, Notice notice, Instant at) =>
        Insert(connection, transaction, new Row(notice, at, null));

    static Task<long?> Insert(DbConnection connection, DbTransaction transaction, Row row) =>
        connection.ExecuteScalarAsync<long?>(
            $"""
            insert into notice (
              provider_no, account_no, user_no, kind, data, file_no, once_key, at_micros, expanded_at_micros)
            values (@ProviderNo, @AccountNo, @UserNo, @kind, @data, @FileNo, @OnceKey, @at, @expandedAt)
            {Again} returning no
            """,
            new
            {
                row.Notice.ProviderNo,
                row.Notice.AccountNo,
                row.Notice.UserNo,
                kind = (short)row.Notice.Kind,
                data = row.Notice.Data.ToJson(),
                row.Notice.FileNo,
                row.Notice.OnceKey,
                at = row.At.ToMicros(),
                expandedAt = row.ExpandedAt?.ToMicros(),
            },
            transaction);

    /// <summary>Many of one moment, on PostgreSQL in one statement.</summary>
    public static async Task Insert(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<Notice> notices, Instant at)
    {
        if (notices.Count == 0) return;
        if (connection is not NpgsqlConnection postgres)
        {
            foreach (var notice in notices) await Insert(connection, transaction, notice, at);
            return;
        }
        await using var batch = new NpgsqlBatch(postgres, (NpgsqlTransaction)transaction);
        var command = new NpgsqlBatchCommand(Rows.PostgresInsert + Again);
        Rows.FillArrays(command, [.. notices.Select(notice => new Row(notice, at, null))]);
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Many of one moment, each with a key, whose mails the caller writes in the same transaction: nobody looks for
    /// them later.
    /// </summary>
    /// <returns>Those that were not there before, with their numbers.</returns>
    public static async Task<IReadOnlyList<(long No, Notice Notice)>> InsertExpanded(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<Notice> notices, Instant at)
    {
        Demand.That(
            notices.Select(notice => notice.OnceKey).Distinct().Count() == notices.Count
            && notices.All(notice => notice.OnceKey is not null), "each notice has a key of its own");
        var written = new List<(long, Notice)>();
        if (notices.Count == 0) return written;
        if (connection is not NpgsqlConnection postgres)
        {
            foreach (var notice in notices)
            {
                if (await Insert(connection, transaction, new Row(notice, at, at)) is { } no)
                    written.Add((no, notice));
            }
            return written;
        }
        var byKey = notices.ToDictionary(notice => notice.OnceKey!, StringComparer.Ordinal);
        await using var batch = new NpgsqlBatch(postgres, (NpgsqlTransaction)transaction);
        var command = new NpgsqlBatchCommand(Rows.PostgresInsert + Again + " returning no, once_key");
        Rows.FillArrays(command, [.. notices.Select(notice => new Row(notice, at, at))]);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync()) written.Add((reader.GetInt64(0), byKey[reader.GetString(1)]));
        return written;
    }

    /// <summary>A file for notices, kept once for all of them; its number.</summary>
    public static Task<long> InsertFile(
        DbConnection connection, DbTransaction transaction, int providerNo, string name, string mediaType,
        byte[] content, Instant at) =>
        connection.ExecuteScalarAsync<long>(
            """
            insert into notice_file (provider_no, name, media_type, content, at_micros)
            values (@providerNo, @name, @mediaType, @content, @at) returning no
            """,
            new { providerNo, name, mediaType, content, at = at.ToMicros() }, transaction);
}
