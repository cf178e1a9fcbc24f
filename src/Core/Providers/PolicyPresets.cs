namespace Tollkeeper.Providers;

/// <summary>The three shipped policies, each of which reproduces one of the mission's providers.</summary>
public static class PolicyPresets
{
    public static IReadOnlyDictionary<string, Policy> All { get; } =
        new Dictionary<string, Policy>(StringComparer.Ordinal)
        {
            ["retail-usd"] = RetailUsd,
            ["wholesale-usd"] = WholesaleUsd,
            ["retail-cad"] = RetailCad,
        };

    /// <summary>R8–R10, R14–R17: by card and PayPal, wires on request; automatically once a day.</summary>
    public static PaymentRules CardsAndPayPal => new(
        LeastMicros: 15_000_000, MostMicros: null, MostBalanceMicros: null, VoidAfterDays: null,
        [
            new(PaymentMethod.Card, SelfService: true, InstructionsShown: true),
            new(PaymentMethod.PayPal, SelfService: true, InstructionsShown: true),
            new(PaymentMethod.Wire, SelfService: false, InstructionsShown: false),
        ],
        [new("*", "*", OneTime: true, Automatic: true, MatchAccount: false)],
        new(MostPerDay: 1, RetryMinute: 1, MostDeclines: 4));

    /// <summary>R76–R80, R84–R87: by billing country and the card's own.</summary>
    static PaymentRules ByCountry => CardsAndPayPal with
    {
        LeastMicros = 1_000_000,
        Methods =
        [
            .. CardsAndPayPal.Methods.Where(rule => rule.SelfService),
            new(PaymentMethod.Wire, SelfService: false, InstructionsShown: true),
            new(PaymentMethod.Ach, SelfService: false, InstructionsShown: true),
            new(PaymentMethod.Check, SelfService: false, InstructionsShown: true),
            new(PaymentMethod.Cash, SelfService: false, InstructionsShown: true),
        ],
        Cards =
        [
            new("US", "US", OneTime: true, Automatic: true, MatchAccount: true),
            new("!US", "US", OneTime: true, Automatic: false, MatchAccount: false),
        ],
        Automatic = new(MostPerDay: null, RetryMinute: 1, MostDeclines: 4),
    };

    static DialRules NorthAmerica => new("1", 10, ["011"], ["911", "933", "988"]);

    static CallRules FiveMinuteQuotas =>
        new(QuotaSeconds: 300, RenewAtPartsPerMillion: 800_000, MaxCallSeconds: 14_400, RingSeconds: 180,
        HoldGraceSeconds: 60);

    static IReadOnlyList<SuspensionReason> Reasons =>
    [
        new("violation", Directions.Outbound, "Violation of the agreement", "Manquement au contrat",
            "Incumplimiento del contrato"),
        new("violation-short-calls", Directions.Outbound, "Too many very short calls", "Trop d’appels très courts",
            "Demasiadas llamadas muy cortas"),
        new("violation-dialer", Directions.Outbound, "Dialer traffic", "Trafic de composeur automatique",
            "Tráfico de marcador automático"),
        new("fraud", Directions.Outbound, "Suspected fraud", "Fraude soupçonnée", "Sospecha de fraude"),
        new("customer-wish", Directions.Both, "The customer asked for it", "À la demande du client",
            "A petición del cliente"),
    ];

    static AccountRules Customers(bool approval, int channels, int callsPerSecond, AdjustmentRules adjustments) => new(
        new SignUpRules(
            Open: true, approval, OutboundDeck: "standard", InboundDeck: "numbers-per-minute", channels,
            callsPerSecond),
        CreditNeedsSecondPerson: true, Reasons, ["CA-BC", "CA-MB", "CA-SK"])
    {
        Adjustments = adjustments,
    };

    static Policy RetailUsd => new()
    {
        Calendar = new("UTC-05"),
        Wallets = new(WalletPlan.Main),
        Tax = new(TaxPoint.Deposit, null, InternationalTaxed: false, IndeterminateTaxed: false),
        Suspend = new(InboundAtFloor: false),
        Calls = FiveMinuteQuotas,
        Limits = new(LimitScope.Account),
        Alert = new(LowBalanceMicros: 5_000_000),
        Fees = new(LrnDipMicros: 0, CnamMicros: 8_000),
        Dialling = NorthAmerica,
        RateDecks = new(NoticeDays: 7, SecondPersonApproves: false),
        Accounts = Customers(approval: false, channels: 10, callsPerSecond: 5, new(25_000_000, AdjustmentRules.Cents)),
    };

    static Policy WholesaleUsd => RetailUsd with
    {
        Calendar = new("America/New_York"),
        Wallets = new(WalletPlan.InboundAndOutbound),
        Tax = new(TaxPoint.Usage, "FUSF", InternationalTaxed: true, IndeterminateTaxed: true),
        Limits = new(LimitScope.Switch),
        Alert = new(LowBalanceMicros: 50_000_000, MostMicros: 5_000_000_000),
        Fees = new(LrnDipMicros: 300, CnamMicros: 8_000),
        RateDecks = new(NoticeDays: 7, SecondPersonApproves: true),
        Accounts = Customers(
            approval: true, channels: 30, callsPerSecond: 10, new(500_000_000, AdjustmentRules.Micros)),
        Payments = ByCountry,
    };

    static Policy RetailCad => RetailUsd with
    {
        Calendar = new("America/Toronto"),
        Suspend = new(InboundAtFloor: true),
        Alert = new(LowBalanceMicros: 10_000_000),
        Payments = CardsAndPayPal with
        {
            LeastMicros = 25_000_000,
            MostMicros = 1_000_000_000,
            Methods = [.. CardsAndPayPal.Methods.Where(rule => rule.SelfService).Reverse()],
        },
    };
}
