namespace Tollkeeper.Ledger;

/// <summary>TAX-CA-14: what became of the tax on money that came to a balance. Nothing bought with it is taxed again.
/// </summary>
public enum CreditTaxStatus
{
    /// <summary>Paid for with its tax.</summary>
    Taxed,

    /// <summary>Paid for, and no tax was due.</summary>
    Exempt,

    /// <summary>Given: there was no consideration that a tax could be on.</summary>
    None,
}

/// <summary>What an entry says about the tax on its money, by its kind and its postings.</summary>
public static class CreditTax
{
    /// <summary>Null for entries that bring no money from outside.</summary>
    public static CreditTaxStatus? Of(EntryKind kind, bool hasTax) => kind switch
    {
        EntryKind.Deposit => hasTax ? CreditTaxStatus.Taxed : CreditTaxStatus.Exempt,
        EntryKind.Credit => CreditTaxStatus.None,
        EntryKind.Call or EntryKind.LateCall or EntryKind.ImportedCall or EntryKind.Query or EntryKind.Debit
            or EntryKind.Reversal or EntryKind.Refund or EntryKind.Chargeback or EntryKind.Transfer => null,
    };

    /// <summary>Whether a ledger account is one in which sales tax is owed; <c>2330-BC</c> is.</summary>
    public static bool IsIn(string code) => code.Split('-')[0]
        is LedgerCode.SalesTax or LedgerCode.QuebecSalesTax or LedgerCode.ProvincialSalesTax;
}
