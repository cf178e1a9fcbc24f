namespace Tollkeeper.Ledger;

/// <summary>
/// The chart of accounts (domain facts, chapter 5). A code may carry what it is kept apart by after a dash:
/// <c>1110-stripe</c>, <c>2330-BC</c>. A customer's wallet is its own account under 2100 or 1240.
/// </summary>
public static class LedgerCode
{
    public const string Bank = "1010";
    public const string GatewayClearing = "1110";
    public const string InTransit = "1120";
    public const string Receivable = "1200";
    public const string RecoverableTax = "1230";
    public const string Unbilled = "1240";
    public const string PrepaidLiability = "2100";

    /// <summary>What a move between two wallets of one account leaves and enters at once: always 0 in all.</summary>
    public const string BetweenWallets = "2100-between";
    public const string PromotionalLiability = "2150";
    public const string DeferredRevenue = "2200";
    public const string SalesTax = "2310";
    public const string QuebecSalesTax = "2320";
    public const string ProvincialSalesTax = "2330";
    public const string Quebec911Tax = "2340";
    public const string FederalUniversalService = "2350";
    public const string StateTaxes = "2360";
    public const string EmergencyLevies = "2370";
    public const string RefundsPayable = "2400";
    public const string OutboundRevenue = "4100";
    public const string InboundRevenue = "4110";
    public const string NumberRevenue = "4200";
    public const string NumberSetup = "4210";
    public const string OtherFees = "4300";
    public const string RoundingDifferences = "4900";
    public const string CarrierCost = "5100";
    public const string GatewayFees = "6110";
    public const string ChargebackFees = "6120";
    public const string BadDebts = "6200";
    public const string Promotions = "6300";
    public const string CurrencyGains = "7100";

    /// <summary>Each account of the chart with its name in the books, in the chart's order.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Bank] = "Assets:Bank",
            [GatewayClearing] = "Assets:Gateway clearing",
            [InTransit] = "Assets:In transit",
            [Receivable] = "Assets:Receivable",
            [RecoverableTax] = "Assets:Tax recoverable from customers",
            [Unbilled] = "Assets:Unbilled usage",
            [PrepaidLiability] = "Liabilities:Customer prepaid",
            [PromotionalLiability] = "Liabilities:Promotional credit",
            [DeferredRevenue] = "Liabilities:Deferred revenue",
            [SalesTax] = "Liabilities:GST and HST payable",
            [QuebecSalesTax] = "Liabilities:QST payable",
            [ProvincialSalesTax] = "Liabilities:PST and RST payable",
            [Quebec911Tax] = "Liabilities:Quebec 9-1-1 tax payable",
            [FederalUniversalService] = "Liabilities:US federal USF payable",
            [StateTaxes] = "Liabilities:US state and local taxes payable",
            [EmergencyLevies] = "Liabilities:E911 and 988 levies payable",
            [RefundsPayable] = "Liabilities:Refunds payable",
            [OutboundRevenue] = "Income:Usage outbound",
            [InboundRevenue] = "Income:Usage inbound",
            [NumberRevenue] = "Income:Numbers monthly",
            [NumberSetup] = "Income:Numbers set-up",
            [OtherFees] = "Income:CNAM, E911 and other fees",
            [RoundingDifferences] = "Income:Rounding differences",
            [CarrierCost] = "Expenses:Carrier cost",
            [GatewayFees] = "Expenses:Gateway fees",
            [ChargebackFees] = "Expenses:Chargeback fees",
            [BadDebts] = "Expenses:Bad debts",
            [Promotions] = "Expenses:Promotions and goodwill",
            [CurrencyGains] = "Income:Currency gains and losses",
        };
}
