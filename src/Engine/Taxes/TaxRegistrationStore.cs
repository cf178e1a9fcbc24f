using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>Under which numbers a provider charges taxes; rows are added, and an open one gets its last day.</summary>
public static class TaxRegistrationStore
{
    /// <summary>By register and date.</summary>
    internal const string OfProvider =
        """
        select register, number, from_date, to_date from tax_registration where provider_no = @providerNo
        order by register, from_date
        """;

    public static async Task<TaxRegistrations> Read(
        DbConnection connection, DbTransaction? transaction, int providerNo) =>
        Of(await connection.QueryAsync<Row>(OfProvider, new { providerNo }, transaction));

    internal static TaxRegistrations Of(IEnumerable<Row> rows) => new(
    [
        .. rows.Select(row => new TaxRegistration(
            (TaxRegister)row.Register, row.Number, StoredDate.Read(row.FromDate),
            StoredDate.ReadOrNull(row.ToDate))),
    ]);

    public static Task Insert(
        DbConnection connection, DbTransaction transaction, int providerNo, TaxRegistration one, Instant now,
        string by) =>
        connection.ExecuteAsync(
            """
            insert into tax_registration (
              provider_no, register, number, from_date, to_date, saved_at_micros, saved_by)
            values (@providerNo, @register, @Number, @from, @to, @now, @by)
            """,
            new
            {
                providerNo,
                register = (short)one.Register,
                one.Number,
                from = StoredDate.Text(one.From),
                to = StoredDate.Text(one.To),
                now = now.ToMicros(),
                by,
            },
            transaction);

    /// <summary>False when it has a last day already, or is not there.</summary>
    public static async Task<bool> End(
        DbConnection connection, DbTransaction transaction, int providerNo, TaxRegistration one, LocalDate to) =>
        await connection.ExecuteAsync(
            """
            update tax_registration set to_date = @to
            where provider_no = @providerNo and register = @register and from_date = @from and to_date is null
            """,
            new
            {
                providerNo,
                register = (short)one.Register,
                from = StoredDate.Text(one.From),
                to = StoredDate.Text(to),
            },
            transaction) == 1;

    internal sealed class Row
    {
        public int Register { get; init; }
        public string Number { get; init; } = "";
        public string FromDate { get; init; } = "";
        public string? ToDate { get; init; }
    }
}
