using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Ledger;

/// <summary>
/// Money (and a channel) set aside while a call lasts. <see cref="HeldMicros"/> is the exact price of
/// <see cref="GrantedSeconds"/>, the whole time granted since the answer. The first answer is kept beside it, to be
/// given again when it is asked for again.
/// </summary>
public sealed record Hold
{
    public required CallKey Key { get; init; }
    public required long WalletNo { get; init; }
    public required long AccountNo { get; init; }
    public required int SwitchNo { get; init; }
    public required string Call { get; init; }
    public required Directions Direction { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required bool Billable { get; init; }
    public required Instant StartedAt { get; init; }
    public required Instant ExpiresAt { get; init; }
    public Instant? ExpiredAt { get; init; }
    public required int GrantedSeconds { get; init; }
    public required long HeldMicros { get; init; }
    public required bool Final { get; init; }
    public required FirstAnswer FirstAnswer { get; init; }
    public int Renewals { get; init; }
    public required ContentHash Content { get; init; }
    public required int PolicyVersion { get; init; }
    public required KeptTerms Terms { get; init; }
}

/// <summary>One answer to a renew, kept while the call lasts so that its repeat gets the same.</summary>
public readonly record struct Renewal(
    CallKey Key, int ElapsedSeconds, int GrantedSeconds, long HeldMicros, bool Final, int RenewInSeconds);
