using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;
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
            row.Code, StoredDate.Read(row.FromDate), StoredDate.Read(row.ToDate), row.PartsPerMillion, row.Source)));
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
                from = StoredDate.Text(row.From),
                to = StoredDate.Text(row.To),
                row.PartsPerMillion,
                row.Source,
                now = now.ToMicros(),
                by,
            }).ToList(),
            transaction);

    sealed class FactorRecord
    {
        public string Code { get; init; } = "";
        public string FromDate { get; init; } = "";
        public string ToDate { get; init; } = "";
        public int PartsPerMillion { get; init; }
        public string Source { get; init; } = "";
    }
}
