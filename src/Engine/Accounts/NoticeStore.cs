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

    static readonly Table<(Notice Notice, Instant At)> Rows = new Table<(Notice Notice, Instant At)>("notice")
        .Int("provider_no", row => row.Notice.ProviderNo)
        .Long("account_no", row => row.Notice.AccountNo)
        .Long("user_no", row => row.Notice.UserNo)
        .Small("kind", row => (short)row.Notice.Kind)
        .Text("data", row => row.Notice.Data.ToJson())
        .Long("file_no", row => row.Notice.FileNo)
        .Text("once_key", row => row.Notice.OnceKey)
        .Long("at_micros", row => row.At.ToMicros());

    /// <summary>The notice's number; null when there was one of its key before.</summary>
    public static Task<long?> Insert(
        DbConnection connection, DbTransaction transaction, Notice notice, Instant at) =>
        connection.ExecuteScalarAsync<long?>(
            $"""
            insert into notice (provider_no, account_no, user_no, kind, data, file_no, once_key, at_micros)
            values (@ProviderNo, @AccountNo, @UserNo, @kind, @data, @FileNo, @OnceKey, @at)
            {Again} returning no
            """,
            new
            {
                notice.ProviderNo,
                notice.AccountNo,
                notice.UserNo,
                kind = (short)notice.Kind,
                data = notice.Data.ToJson(),
                notice.FileNo,
                notice.OnceKey,
                at = at.ToMicros(),
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
        Rows.FillArrays(command, [.. notices.Select(notice => (notice, at))]);
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync();
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
