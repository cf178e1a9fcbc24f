using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Charging;

/// <summary>
/// PRE-04: whether money alone turns a wallet off (R48, R49). Holds lower what is available, never the status, so only
/// balance and floor are asked for; micros of one currency.
/// </summary>
public static class FinancialStatus
{
    /// <summary>Off at the floor or below it: prepaid at zero, postpaid when the limit is met or exceeded.</summary>
    public static bool IsOff(long balanceMicros, long floorMicros) => balanceMicros <= floorMicros;

    /// <summary>What an exhausted wallet may not do: outbound calls, and inbound ones where the policy says.</summary>
    public static Directions Blocks(long balanceMicros, long floorMicros, SuspendRules rules)
    {
        if (!IsOff(balanceMicros, floorMicros)) return Directions.None;
        return rules.InboundAtFloor ? Directions.Both : Directions.Outbound;
    }
}
