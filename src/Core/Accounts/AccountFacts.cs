namespace Tollkeeper.Accounts;

/// <summary>
/// What the decision about a call needs to know of an account, read in the same transaction as its wallets.
/// </summary>
public sealed record AccountFacts(
    long No,
    int ProviderNo,
    AccountType Type,
    Currency Currency,
    TaxStatus TaxStatus,
    Directions Blocks,
    bool Closed,
    int Channels,
    int CallsPerSecond,
    int OutboundDeckNo,
    int? InboundDeckNo,
    long? AlertThresholdMicros);
