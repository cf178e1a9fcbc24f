using System.Data.Common;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Notifications;

namespace Tollkeeper.Engine.Notifications;

/// <summary>A notice that nobody was told of yet.</summary>
public sealed record WaitingNotice(
    long No, int ProviderNo, long? AccountNo, long? UserNo, NoticeKind Kind, NoticeData Data, Instant At);

/// <summary>A mail to be written and handed over, by whoever holds its lease.</summary>
/// <param name="Data">Of its notice.</param>
/// <param name="LeaseUntil">Nobody else takes it before.</param>
/// <param name="Attempts">This one among them.</param>
public sealed record ClaimedMail(
    long No, string Id, int ProviderNo, long? AccountNo, long? UserNo, NoticeKind Kind, EmailAddress To,
    Language Language, int Attempts, Instant CreatedAt, NoticeData Data, long? FileNo, Instant LeaseUntil,
    string? AccountId, string? AccountName);

/// <summary>A mail's words as they are kept.</summary>
public sealed record MailWords(string Subject, string Text, string Html);

/// <summary>What became of handing a mail over.</summary>
/// <param name="DueAt">When it is tried again; null where it is over.</param>
/// <param name="Answer">What the mail server said, or the file.</param>
public sealed record MailOutcome(long No, Instant LeaseUntil, MailState State, Instant? DueAt, string Answer);

/// <summary>Mails on their way: from notices to addresses, from there to the mail server.</summary>
public static class MailStore
{
    static readonly Table<NewMail> Rows = new Table<NewMail>("mail")
        .Text("id", row => row.Id)
        .Int("provider_no", row => row.Notice.ProviderNo)
        .Long("account_no", row => row.Notice.AccountNo)
        .Long("user_no", row => row.To.UserNo)
        .Long("notice_no", row => row.Notice.No)
        .Small("kind", row => (short)row.Notice.Kind)
        .YesNo("personal", row => row.Notice.UserNo is not null)
        .Text("to_address", row => row.To.Address.Text)
        .Text("to_key", row => row.To.Address.Key)
        .Small("language", row => (short)row.To.Language)
        .Small("state", _ => (short)MailState.Queued)
        .Long("due_at_micros", row => row.At.ToMicros())
        .Long("created_at_micros", row => row.At.ToMicros());

    /// <summary>What waits: notices to be expanded, crossings to be told, mails that are due.</summary>
    public static async Task<(bool Crossings, bool Notices, bool Mails)> Waiting(
        DbConnection connection, Instant now, CancellationToken ct)
    {
        var row = await connection.QuerySingleAsync<WaitingRow>(new CommandDefinition(
            """
            select
              case when exists (select 1 from crossing where noticed = 0) then 1 else 0 end as crossings,
              case when exists (select 1 from notice where expanded_at_micros is null) then 1 else 0 end as notices,
              case when exists (select 1 from mail where due_at_micros <= @now) then 1 else 0 end as mails
            """,
            new { now = now.ToMicros() }, cancellationToken: ct));
        return (row.Crossings != 0, row.Notices != 0, row.Mails != 0);
    }

    /// <summary>
    /// The oldest notices that wait, which nobody else expands meanwhile.
    /// </summary>
    public static async Task<IReadOnlyList<WaitingNotice>> TakeNotices(
        DbConnection connection, DbTransaction transaction, int most)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        var rows = await connection.QueryAsync<NoticeRow>(
            $"""
            select no, provider_no, account_no, user_no, kind, data, at_micros from notice
            where expanded_at_micros is null order by no limit @most {skip}
            """,
            new { most }, transaction);
        return [.. rows.Select(row => new WaitingNotice(
            row.No, row.ProviderNo, row.AccountNo, row.UserNo, (NoticeKind)row.Kind,
            NoticeData.Read((NoticeKind)row.Kind, row.Data), Instants.FromMicros(row.AtMicros)))];
    }

    public static Task Expanded(
        DbConnection connection, DbTransaction transaction, IEnumerable<long> noticeNos, Instant now) =>
        connection.ExecuteAsync(
            $"update notice set expanded_at_micros = @now where no {NumberList.IsOneOf(connection, "@nos")}",
            new { now = now.ToMicros(), nos = NumberList.Value(connection, noticeNos) }, transaction);

    /// <summary>Each is to be sent at once.</summary>
    public static async Task Insert(
        DbConnection connection, DbTransaction transaction, IEnumerable<(WaitingNotice Notice, Recipient To)> mails,
        Instant now)
    {
        var rows = mails.Select(mail => new NewMail(
            Database.NewId(PublicId.Mail).Text, mail.Notice, mail.To, now)).ToList();
        if (rows.Count == 0) return;
        if (connection is NpgsqlConnection postgres)
        {
            await using var batch = new NpgsqlBatch(postgres, (NpgsqlTransaction)transaction);
            var command = new NpgsqlBatchCommand(Rows.PostgresInsert);
            Rows.FillArrays(command, rows);
            batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync();
            return;
        }
        using var insert = new SqliteStatement((Microsoft.Data.Sqlite.SqliteConnection)connection, Rows.SqliteInsert);
        foreach (var row in rows) Rows.Insert(insert, row);
    }

    /// <summary>
    /// Takes mails that are due: one statement, so that of several nodes one has each. Whoever dies with it leaves it
    /// due again at the end of the lease.
    /// </summary>
    /// <param name="noticeNo">Of this notice only; null: of any.</param>
    public static async Task<IReadOnlyList<ClaimedMail>> Claim(
        DbConnection connection, DbTransaction transaction, Instant now, Instant leaseUntil, int most,
        long? noticeNo = null)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        var only = noticeNo is null ? "" : "and notice_no = @noticeNo";
        var rows = (await connection.QueryAsync<MailRow>(
            $"""
            update mail set state = {(int)MailState.Sending}, due_at_micros = @lease, attempts = attempts + 1
            where no in (select no from mail where due_at_micros <= @now {only}
              order by due_at_micros limit @most {skip})
            returning no, id, provider_no, account_no, user_no, notice_no, kind, to_address, language, attempts,
              created_at_micros
            """,
            new { now = now.ToMicros(), lease = leaseUntil.ToMicros(), most, noticeNo }, transaction)).AsList();
        if (rows.Count == 0) return [];
        var notices = (await connection.QueryAsync<(long No, string Data, long? FileNo)>(
            $"select no, data, file_no from notice where no {NumberList.IsOneOf(connection, "@nos")}",
            new { nos = NumberList.Value(connection, rows.Select(row => row.NoticeNo).Distinct()) }, transaction))
            .ToDictionary(row => row.No);
        var accounts = (await connection.QueryAsync<(long No, string Id, string Name)>(
            $"select no, id, name from account where no {NumberList.IsOneOf(connection, "@nos")}",
            new { nos = NumberList.Value(connection, rows.Select(row => row.AccountNo).OfType<long>().Distinct()) },
            transaction)).ToDictionary(row => row.No);
        return [.. rows.Select(row => ToClaimed(
            row, notices[row.NoticeNo].Data, notices[row.NoticeNo].FileNo,
            row.AccountNo is { } account ? accounts[account] : default))];

        ClaimedMail ToClaimed(MailRow row, string data, long? fileNo, (long, string? Id, string? Name) account)
        {
            Demand.That(EmailAddress.TryParse(row.ToAddress, out var to), "a mail's row has an e-mail address");
            var kind = (NoticeKind)row.Kind;
            return new ClaimedMail(
                row.No, row.Id, row.ProviderNo, row.AccountNo, row.UserNo, kind, to, (Language)row.Language,
                row.Attempts, Instants.FromMicros(row.CreatedAtMicros), NoticeData.Read(kind, data), fileNo,
                leaseUntil, account.Id, account.Name);
        }
    }

    /// <summary>Writes what became of a mail, unless its lease ran out and somebody else has it.</summary>
    /// <param name="words">Null where it was not written.</param>
    public static Task Done(
        DbConnection connection, DbTransaction transaction, MailOutcome outcome, MailWords? words, Instant now) =>
        connection.ExecuteAsync(
            $"""
            update mail set state = @state, due_at_micros = @due, answer = @Answer,
              subject = coalesce(@subject, subject), text_body = coalesce(@text, text_body),
              html_body = coalesce(@html, html_body), sent_at_micros = @sent
            where no = @No and state = {(int)MailState.Sending} and due_at_micros = @lease
            """,
            new
            {
                outcome.No,
                outcome.Answer,
                state = (short)outcome.State,
                due = outcome.DueAt?.ToMicros(),
                lease = outcome.LeaseUntil.ToMicros(),
                subject = words?.Subject,
                text = words?.Text,
                html = words?.Html,
                sent = outcome.State == MailState.Sent ? now.ToMicros() : (long?)null,
            },
            transaction);

    /// <summary>Gives mails back that were taken and not begun: they are due again, and were not tried.</summary>
    public static Task Release(
        DbConnection connection, DbTransaction transaction, IEnumerable<ClaimedMail> mails, Instant dueAt) =>
        connection.ExecuteAsync(
            $"""
            update mail set state = {(int)MailState.Queued}, due_at_micros = @due, attempts = attempts - 1
            where no {NumberList.IsOneOf(connection, "@nos")} and state = {(int)MailState.Sending}
              and due_at_micros {NumberList.IsOneOf(connection, "@leases")}
            """,
            new
            {
                due = dueAt.ToMicros(),
                nos = NumberList.Value(connection, mails.Select(mail => mail.No)),
                leases = NumberList.Value(connection, mails.Select(mail => mail.LeaseUntil.ToMicros())),
            },
            transaction);

    /// <summary>A mail that was given up is tried again. False where it is another's, or is not given up.</summary>
    public static async Task<bool> TryAgain(
        DbConnection connection, DbTransaction transaction, int providerNo, string id, Instant now) =>
        await connection.ExecuteAsync(
            $"""
            update mail set state = {(int)MailState.Queued}, due_at_micros = @now, attempts = 0
            where id = @id and provider_no = @providerNo
              and state in ({(int)MailState.Failed}, {(int)MailState.Bounced})
            """,
            new { providerNo, id, now = now.ToMicros() }, transaction) == 1;

    /// <summary>A notice's file: its name, what it is, and its bytes.</summary>
    public static Task<(string Name, string MediaType, byte[] Content)> File(
        DbConnection connection, long fileNo) =>
        connection.QuerySingleAsync<(string, string, byte[])>(
            "select name, media_type, content from notice_file where no = @fileNo", new { fileNo });

    sealed record NewMail(string Id, WaitingNotice Notice, Recipient To, Instant At);

    sealed class WaitingRow
    {
        public int Crossings { get; init; }
        public int Notices { get; init; }
        public int Mails { get; init; }
    }

    sealed class NoticeRow
    {
        public long No { get; init; }
        public int ProviderNo { get; init; }
        public long? AccountNo { get; init; }
        public long? UserNo { get; init; }
        public int Kind { get; init; }
        public string Data { get; init; } = "";
        public long AtMicros { get; init; }
    }

    sealed class MailRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public long? AccountNo { get; init; }
        public long? UserNo { get; init; }
        public long NoticeNo { get; init; }
        public int Kind { get; init; }
        public string ToAddress { get; init; } = "";
        public int Language { get; init; }
        public int Attempts { get; init; }
        public long CreatedAtMicros { get; init; }
    }
}
