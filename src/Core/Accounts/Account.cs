namespace Tollkeeper.Accounts;

/// <summary>How an account pays: prepaid has the floor 0, postpaid the floor minus its credit limit (R58).</summary>
public enum AccountType
{
    Prepaid = 0,
    Postpaid = 1,
}

/// <summary>
/// Why an account is not On (R50, R67, C20): a name, the directions that it blocks, who set it, when.
/// </summary>
/// <param name="Reason">A short stable word, such as <c>violation</c> or <c>fraud</c>; one of a kind per
/// account.</param>
/// <param name="Remark">For staff: what happened; may be empty.</param>
public sealed record Suspension(
    string Reason, Directions Blocks, string By, NodaTime.Instant Since, string Remark = "")
{
    /// <summary>What the whole set blocks; the account is On only when the set is empty.</summary>
    public static Directions BlocksOf(IEnumerable<Suspension> reasons) =>
        reasons.Aggregate(Directions.None, (all, one) => all | one.Blocks);
}

/// <summary>Whether a usage tax is taken from this account (R55–R57). An exemption names its proof.</summary>
public enum TaxStatus
{
    NonExempt = 0,
    ExemptReseller = 1,
    ExemptNonUs = 2,
}
