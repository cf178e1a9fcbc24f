using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>The dated rates of sales taxes; rows are added, and an open one gets its end.</summary>
public static class SalesTaxStore
{
    public static async Task<SalesTaxTable> Read(DbConnection connection, DbTransaction? transaction = null)
    {
        var rows = await connection.QueryAsync<RateRecord>(
            """
            select place, code, name, code_french, parts_per_million, base, from_date, to_date, lifted_by_resale
            from sales_tax_rate
            """,
            null, transaction);
        return new SalesTaxTable(rows.Select(row => row.ToRow()));
    }

    public static Task Insert(
        DbConnection connection, DbTransaction transaction, IEnumerable<SalesTaxRow> rows, Instant now, string by) =>
        connection.ExecuteAsync(
            """
            insert into sales_tax_rate (
              place, code, name, code_french, parts_per_million, base, from_date, to_date, lifted_by_resale,
              saved_at_micros, saved_by)
            values (
              @Place, @Code, @Name, @CodeFrench, @PartsPerMillion, @taxBase, @from, @to, @lifted, @now, @by)
            """,
            rows.Select(row => new
            {
                row.Place,
                row.Code,
                row.Name,
                row.CodeFrench,
                row.PartsPerMillion,
                taxBase = (short)row.Base,
                from = StoredDate.Text(row.From),
                to = StoredDate.Text(row.To),
                lifted = (short)(row.LiftedByResale ? 1 : 0),
                now = now.ToMicros(),
                by,
            }).ToList(),
            transaction);

    /// <summary>False when the row has an end already, or is not there.</summary>
    public static async Task<bool> End(
        DbConnection connection, DbTransaction transaction, SalesTaxRow row, LocalDate to) =>
        await connection.ExecuteAsync(
            """
            update sales_tax_rate set to_date = @to
            where place = @Place and code = @Code and from_date = @from and to_date is null
            """,
            new
            {
                row.Place,
                row.Code,
                from = StoredDate.Text(row.From),
                to = StoredDate.Text(to),
            },
            transaction) == 1;

    sealed class RateRecord
    {
        public string Place { get; init; } = "";
        public string Code { get; init; } = "";
        public string Name { get; init; } = "";
        public string CodeFrench { get; init; } = "";
        public int PartsPerMillion { get; init; }
        public int Base { get; init; }
        public string FromDate { get; init; } = "";
        public string? ToDate { get; init; }
        public int LiftedByResale { get; init; }

        public SalesTaxRow ToRow() => new(
            Place, Code, Name, CodeFrench, PartsPerMillion, (TaxedOn)Base, StoredDate.Read(FromDate),
            StoredDate.ReadOrNull(ToDate), LiftedByResale != 0);
    }
}
