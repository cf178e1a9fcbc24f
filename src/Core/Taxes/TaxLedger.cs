using Tollkeeper.Ledger;

namespace Tollkeeper.Taxes;

/// <summary>In which ledger account a tax is owed: a province's own tax in one for each province.</summary>
public static class TaxLedger
{
    public static string CodeOf(SalesTaxRow tax) => tax switch
    {
        { IsFederal: true } => LedgerCode.SalesTax,
        { Code: "QST" } => LedgerCode.QuebecSalesTax,
        _ => $"{LedgerCode.ProvincialSalesTax}-{tax.Place[^2..]}",
    };
}
