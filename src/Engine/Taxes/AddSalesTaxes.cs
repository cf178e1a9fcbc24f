using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>
/// Enters dated rates, all or none. The open rate of the same tax at the same place ends where the new one begins, and
/// so do the rates of other taxes that are named to end. Refusals: <see cref="Refusal.AlreadyExists"/> where one covers
/// a day that has a rate, <see cref="Refusal.TaxRateMissing"/> where a place would be left without a federal tax.
/// </summary>
public sealed class AddSalesTaxes(Database database, IClock clock)
{
    /// <param name="ended">Open rates of taxes that there are no more, each with its first day without it.</param>
    /// <param name="record">Goes on record with them; null: nobody of a provider enters them.</param>
    public Task<Result<int>> Run(
        IReadOnlyList<SalesTaxRow> rows, IReadOnlyList<(SalesTaxRow Row, LocalDate To)> ended, string by,
        AuditRecord? record = null, CancellationToken ct = default) =>
        database.InTransaction<int>(
            async (connection, transaction) =>
            {
                // The revision first: its row's lock keeps two who add apart.
                await RevisionStore.Raise(connection, transaction, Watched.SalesTax);
                var table = await SalesTaxStore.Read(connection, transaction);
                var ends = ended.Concat(rows.SelectMany(row => table.Rows
                    .Where(open => open.To is null && open.Place == row.Place && open.Code == row.Code
                        && open.From < row.From)
                    .Select(open => (Row: open, To: row.From)))).ToList();
                foreach (var (row, to) in ends)
                    if (to <= row.From || !await SalesTaxStore.End(connection, transaction, row, to))
                        return new Refused(Refusal.AlreadyExists, NameOf(row));
                table = await SalesTaxStore.Read(connection, transaction);
                if (rows.FirstOrDefault(table.Overlaps) is { } taken)
                    return new Refused(Refusal.AlreadyExists, NameOf(taken));
                table = new SalesTaxTable([.. table.Rows, .. rows]);
                foreach (var (place, day) in rows.Select(row => (row.Place, row.From))
                    .Concat(ends.Select(end => (end.Row.Place, end.To))))
                    if (table.Of(place, day).Refused is { } missing) return missing;
                var now = clock.GetCurrentInstant();
                await SalesTaxStore.Insert(connection, transaction, rows, now, by);
                if (record is not null) await AuditRecordStore.Insert(connection, transaction, record, now);
                return rows.Count;
            },
            ct);

    static string NameOf(SalesTaxRow row) => $"{row.Place} {row.Code} from {row.From:uuuu'-'MM'-'dd}";
}

/// <summary>
/// Adds what this release ships and the installation has nothing for. The database rules: a row that staff entered, or
/// that an earlier release brought, is never changed. Run at every start.
/// </summary>
public sealed class SeedSalesTaxes(Database database, IClock clock)
{
    /// <returns>How many rows were added.</returns>
    public Task<int> Run(CancellationToken ct = default) =>
        database.InTransaction<int>(
            async (connection, transaction) =>
            {
                var table = await SalesTaxStore.Read(connection, transaction);
                if (SalesTaxTable.Shipped.Rows.All(table.Overlaps) && !Ended(table).Any()) return 0;
                await RevisionStore.Raise(connection, transaction, Watched.SalesTax);
                table = await SalesTaxStore.Read(connection, transaction);
                foreach (var (row, to) in Ended(table))
                    await SalesTaxStore.End(connection, transaction, row, to);
                table = await SalesTaxStore.Read(connection, transaction);
                var missing = SalesTaxTable.Shipped.Rows.Where(row => !table.Overlaps(row)).ToList();
                await SalesTaxStore.Insert(connection, transaction, missing, clock.GetCurrentInstant(), "release");
                return missing.Count;
            },
            ct);

    /// <summary>Rates that were open when an earlier release shipped them, and have an end now.</summary>
    static IEnumerable<(SalesTaxRow Row, LocalDate To)> Ended(SalesTaxTable table) =>
        SalesTaxTable.Shipped.Rows
            .Where(shipped => shipped.To is not null && table.Rows.Contains(shipped with { To = null }))
            .Select(shipped => (shipped with { To = null }, shipped.To!.Value));
}
