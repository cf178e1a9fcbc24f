using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>What one of the staff wrote down about a customer; customers never see it.</summary>
public sealed record Note(long No, string Text, string By, Instant At);

/// <summary>Notes about accounts; they are added, never changed.</summary>
public static class NoteStore
{
    public static Task Insert(
        DbConnection connection, DbTransaction transaction, long accountNo, string text, Actor by, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into account_note (account_no, text, by_user_no, by_whom, at_micros)
            values (@accountNo, @text, @UserNo, @Name, @now)
            """,
            new { accountNo, text, by.UserNo, by.Name, now = now.ToMicros() }, transaction);

    /// <summary>The newest first, those before a number.</summary>
    public static async Task<IReadOnlyList<Note>> Newest(
        DbConnection connection, long accountNo, long? before, int most)
    {
        var rows = await connection.QueryAsync<(long No, string Text, string By, long At)>(
            """
            select no, text, by_whom, at_micros from account_note
            where account_no = @accountNo and no < @before order by no desc limit @most
            """,
            new { accountNo, before = before ?? long.MaxValue, most });
        return [.. rows.Select(row => new Note(row.No, row.Text, row.By, Instants.FromMicros(row.At)))];
    }
}

/// <summary>
/// Writes a note about an account. Refusals: <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.BadText"/>.
/// </summary>
public sealed class WriteNote(Database database, IClock clock)
{
    public const int Longest = 4_000;

    public Task<Result<bool>> Run(
        int providerNo, long accountNo, string text, Actor by, CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                if (string.IsNullOrWhiteSpace(text)) return new Refused(Refusal.FieldEmpty, "Note");
                // Lines may be broken; nothing else that cannot be seen may stand in it.
                var lines = text.ReplaceLineEndings("\n").Trim();
                if (lines.Length > Longest || !lines.Split('\n').All(line => line.Length == 0
                    || string.IsNullOrWhiteSpace(line) || PlainText.Fits(line, Longest)))
                    return new Refused(Refusal.BadText, "Note");
                var now = clock.GetCurrentInstant();
                await NoteStore.Insert(connection, transaction, accountNo, lines, by, now);
                await AuditRecordStore.Insert(
                    connection, transaction, new AuditRecord(
                        Act.NoteWritten, providerNo, by.UserNo, accountNo, "", by.Name, by.Address), now);
                return true;
            },
            ct);
}
