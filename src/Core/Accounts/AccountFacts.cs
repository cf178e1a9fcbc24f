namespace Tollkeeper.Accounts;

/// <summary>
/// What the decision about a call needs to know of an account, read in the same transaction as its wallets.
/// </summary>
/// <param name="Networks">From where it may send calls, as <see cref="AllowedNetwork"/> keeps it; empty: from anywhere.
/// </param>
/// <param name="AlertThresholdMicros">The customer's own choice; null: none was made.</param>
/// <param name="PackageAlertMicros">Of the package, which is the outbound deck; null: it has none.</param>
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
    long? AlertThresholdMicros,
    string Networks = "",
    long? PackageAlertMicros = null)
{
    /// <summary>C7: the amount is the customer's own, else the package's (R90), else the policy's.</summary>
    public long LowBalanceMicros(long ofPolicy) => AlertThresholdMicros ?? PackageAlertMicros ?? ofPolicy;
}
