using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>How to pay by one method, in one language, from an instant on.</summary>
public sealed record PaymentInstruction(
    long No, PaymentMethod Method, Language Language, string Text, Instant From, string SavedBy, Instant SavedAt);

/// <summary>
/// What a provider tells its customers about paying by wire, ACH, check or cash (R10, R80): dated texts, of which the
/// last one that has begun counts. Nothing is ever changed.
/// </summary>
public static class PaymentInstructionStore
{
    const string Columns = "no, method, language, text, from_micros, saved_by, saved_at_micros";

    /// <summary>
    /// What counts at an instant; in English where the language has nothing. Null where there is nothing, or nothing
    /// any more. Whether it is shown is a matter of <see cref="MethodRule.InstructionsShown"/>.
    /// </summary>
    public static async Task<string?> Of(
        DbConnection connection, int providerNo, PaymentMethod method, Language language, Instant at)
    {
        var text = await In(connection, providerNo, method, language, at);
        if (string.IsNullOrEmpty(text) && language != Language.English)
            text = await In(connection, providerNo, method, Language.English, at);
        return string.IsNullOrEmpty(text) ? null : text;
    }

    static Task<string?> In(
        DbConnection connection, int providerNo, PaymentMethod method, Language language, Instant at) =>
        connection.ExecuteScalarAsync<string?>(
            """
            select text from payment_instruction
            where provider_no = @providerNo and method = @method and language = @language and from_micros <= @at
            order by from_micros desc, no desc limit 1
            """,
            new { providerNo, method = (short)method, language = (short)language, at = at.ToMicros() });

    /// <summary>Of a method in all languages, those saved last first.</summary>
    public static async Task<IReadOnlyList<PaymentInstruction>> Of(
        DbConnection connection, DbTransaction? transaction, int providerNo, PaymentMethod method, int most)
    {
        var rows = await connection.QueryAsync<InstructionRow>(
            $"""
            select {Columns} from payment_instruction where provider_no = @providerNo and method = @method
            order by no desc limit @most
            """,
            new { providerNo, method = (short)method, most }, transaction);
        return [.. rows.Select(row => row.ToInstruction())];
    }

    public static Task Insert(
        DbConnection connection, DbTransaction transaction, int providerNo, PaymentMethod method, Language language,
        string text, Instant from, Instant now, string by) =>
        connection.ExecuteAsync(
            """
            insert into payment_instruction (
              provider_no, method, language, text, from_micros, saved_at_micros, saved_by)
            values (@providerNo, @method, @language, @text, @from, @now, @by)
            """,
            new
            {
                providerNo,
                method = (short)method,
                language = (short)language,
                text,
                from = from.ToMicros(),
                now = now.ToMicros(),
                by,
            },
            transaction);

    sealed class InstructionRow
    {
        public long No { get; init; }
        public int Method { get; init; }
        public int Language { get; init; }
        public string Text { get; init; } = "";
        public long FromMicros { get; init; }
        public string SavedBy { get; init; } = "";
        public long SavedAtMicros { get; init; }

        public PaymentInstruction ToInstruction() => new(
            No, (PaymentMethod)Method, (Language)Language, Text, Instants.FromMicros(FromMicros), SavedBy,
            Instants.FromMicros(SavedAtMicros));
    }
}
