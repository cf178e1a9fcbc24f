using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>
/// Enters dated factors, all or none. Refusals: <see cref="Refusal.AlreadyExists"/> where one covers a day that has a
/// factor.
/// </summary>
public sealed class AddFactors(Database database, IClock clock)
{
    public Task<Result<int>> Run(IReadOnlyList<FactorRow> rows, string by, CancellationToken ct = default) =>
        database.InTransaction<int>(
            async (connection, transaction) =>
            {
                // The revision first: its row's lock keeps two who add apart.
                await RevisionStore.Raise(connection, transaction, Watched.Factor);
                var table = await FactorStore.Read(connection, transaction);
                if (rows.FirstOrDefault(table.Overlaps) is { } taken)
                    return new Refused(Refusal.AlreadyExists, $"{taken.Code} from {taken.From:uuuu'-'MM'-'dd}");
                _ = new FactorTable(rows);
                await FactorStore.Insert(connection, transaction, rows, clock.GetCurrentInstant(), by);
                return rows.Count;
            },
            ct);
}

/// <summary>
/// Adds what this release ships and the installation has nothing for. The database rules: a row that staff entered, or
/// that an earlier release brought, is never changed. Run at every start.
/// </summary>
public sealed class SeedFactors(Database database, IClock clock)
{
    /// <returns>How many rows were added.</returns>
    public Task<int> Run(CancellationToken ct = default) =>
        database.InTransaction<int>(
            async (connection, transaction) =>
            {
                var table = await FactorStore.Read(connection, transaction);
                if (FactorTable.Shipped.Rows.All(table.Overlaps)) return 0;
                await RevisionStore.Raise(connection, transaction, Watched.Factor);
                table = await FactorStore.Read(connection, transaction);
                var missing = FactorTable.Shipped.Rows.Where(row => !table.Overlaps(row)).ToList();
                await FactorStore.Insert(connection, transaction, missing, clock.GetCurrentInstant(), "release");
                return missing.Count;
            },
            ct);
}
