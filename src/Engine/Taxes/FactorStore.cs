using System.Data.Common;
using Dapper;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>The dated factors of usage taxes; rows are only added.</summary>
public static class FactorStore
{
    public static async Task<FactorTable> Read(DbConnection connection, DbTransaction? transaction = null)
    {
        var rows = await connection.QueryAsync<FactorRecord>(
            "select code, from_date, to_date, parts_per_million, source from usage_tax_factor", null, transaction);
        return new FactorTable(rows.Select(row => new FactorRow(
            row.Code, DateOf(row.FromDate), DateOf(row.ToDate), row.PartsPerMillion, row.Source)));
    }

    public static Task Insert(
        DbConnection connection, DbTransaction transaction, IEnumerable<FactorRow> rows, Instant now, string by) =>
        connection.ExecuteAsync(
            """
            insert into usage_tax_factor (
              code, from_date, to_date, parts_per_million, source, saved_at_micros, saved_by)
            values (@Code, @from, @to, @PartsPerMillion, @Source, @now, @by)
            """,
            rows.Select(row => new
            {
                row.Code,
                from = LocalDatePattern.Iso.Format(row.From),
                to = LocalDatePattern.Iso.Format(row.To),
                row.PartsPerMillion,
                row.Source,
                now = now.ToMicros(),
                by,
            }).ToList(),
            transaction);

    static LocalDate DateOf(string text) => LocalDatePattern.Iso.Parse(text).GetValueOrThrow();

    sealed class FactorRecord
    {
        public string Code { get; init; } = "";
        public string FromDate { get; init; } = "";
        public string ToDate { get; init; } = "";
        public int PartsPerMillion { get; init; }
        public string Source { get; init; } = "";
    }
}
