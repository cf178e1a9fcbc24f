using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>
/// Enters a new rate as staff want it, on record with who and why; nothing that was charged changes. Refusals: those of
/// <see cref="SalesTaxChange.On"/>, and <see cref="Refusal.ChangedMeanwhile"/> where somebody else was faster.
/// </summary>
public sealed class ChangeSalesTaxes(Database database, IClock clock)
{
    /// <param name="today">At the provider.</param>
    public async Task<Result<SalesTaxDraft>> Run(
        int providerNo, SalesTaxChange wanted, LocalDate today, Actor by, CancellationToken ct = default)
    {
        SalesTaxTable table;
        await using (var connection = await database.Connect(ct)) table = await SalesTaxStore.Read(connection);
        var draft = wanted.On(table, today);
        if (draft.Refused is { } refused) return refused;
        var (added, ended) = (draft.Value.Added, draft.Value.Ended);
        var record = new AuditRecord(
            Act.TaxRatesAdded, providerNo, by.UserNo, null, $"{added.Place} {added.Code}", by.Name, by.Address)
        {
            Before = string.Join(
                "; ", table.Rows.Where(row => row.Place == added.Place && row.To is null).Select(Words)),
            After = $"{Words(added)}{string.Concat(ended.Select(row => $"; {row.Code} ends"))}"
                + (wanted.Reason.Length > 0 ? $" ({wanted.Reason})" : ""),
        };
        var entered = await new AddSalesTaxes(database, clock).Run(
            [added], [.. ended.Select(row => (row, added.From))], by.Name, record, ct);
        if (entered.Refused is { Refusal: Refusal.AlreadyExists }) return Refusal.ChangedMeanwhile;
        return entered.Refused is { } no ? no : draft;
    }

    static string Words(SalesTaxRow row) =>
        $"{row.Code} {FixedPoint.Write(row.PartsPerMillion, 4)} % from {row.From:uuuu'-'MM'-'dd}";
}
