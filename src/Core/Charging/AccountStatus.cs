using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Charging;

/// <summary>What kind of reason keeps an account off, and so what can be done about it.</summary>
public enum StatusCause
{
    /// <summary>The money is at its floor: add funds, or pay (R48, R49). Goes by itself.</summary>
    Funds = 0,

    /// <summary>The account was closed for good.</summary>
    Closed = 1,

    /// <summary>The agreement was violated (R50): only the provider can lift it.</summary>
    Violation = 2,

    /// <summary>Whatever else the provider suspended it for; its own word says what.</summary>
    Other = 3,
}

/// <summary>One reason why an account is not On.</summary>
/// <param name="Code">Stable: <c>funds</c>, <c>closed</c>, or the word of the suspension.</param>
/// <param name="Since">Known of suspensions only.</param>
public sealed record StatusReason(string Code, StatusCause Cause, Directions Blocks, Instant? Since);

/// <summary>What the status needs to know of one wallet: the calls it pays for, and micros of one currency.</summary>
public readonly record struct WalletStanding(Directions Pays, long BalanceMicros, long FloorMicros);

/// <summary>
/// R67: On, or Off with every reason (C20). The account is On only where there is none; <paramref name="Blocks"/> is
/// what may not run meanwhile.
/// </summary>
public sealed record AccountStatus(IReadOnlyList<StatusReason> Reasons, Directions Blocks)
{
    public const string FundsCode = "funds";
    public const string ClosedCode = "closed";
    public const string ViolationCode = "violation";

    public bool On => Reasons.Count == 0;

    /// <summary>Suspensions in the order in which they were set, then closed, then funds.</summary>
    public static AccountStatus Of(
        AccountFacts facts, IEnumerable<Suspension> suspensions, IEnumerable<WalletStanding> wallets,
        SuspendRules rules)
    {
        var reasons = suspensions.Select(each => new StatusReason(
            each.Reason, CauseOf(each.Reason), each.Blocks, each.Since)).ToList();
        if (facts.Closed) reasons.Add(new StatusReason(ClosedCode, StatusCause.Closed, Directions.Both, null));
        var byMoney = BlocksOfMoney(wallets, rules);
        if (byMoney != Directions.None)
            reasons.Add(new StatusReason(FundsCode, StatusCause.Funds, byMoney, null));
        return new AccountStatus(reasons, (facts.Closed ? Directions.Both : facts.Blocks) | byMoney);
    }

    /// <summary>Each direction is judged by the wallet that pays for it.</summary>
    static Directions BlocksOfMoney(IEnumerable<WalletStanding> wallets, SuspendRules rules) =>
        wallets.Aggregate(Directions.None, (blocks, wallet) =>
            blocks | (wallet.Pays & FinancialStatus.Blocks(wallet.BalanceMicros, wallet.FloorMicros, rules)));

    static StatusCause CauseOf(string reason) =>
        reason == ViolationCode ? StatusCause.Violation : StatusCause.Other;
}
