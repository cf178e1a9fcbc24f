using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Charging;

/// <summary>A switch asks for more time for a call that goes on; seconds since the answer.</summary>
public sealed record RenewQuestion(int ProviderNo, string Switch, string Call, int ElapsedSeconds);

/// <summary>
/// Grants a running call one more quota for as long as there is money: a top-up or another charge during the call
/// counts here. A refusal takes nothing back: the earlier grant stands.
/// </summary>
public sealed class RenewCall(Bookkeeper bookkeeper, ProvidersInForce providers, IClock clock)
{
    public async Task<Result<CallGrant>> Ask(RenewQuestion question)
    {
        if (question.ElapsedSeconds is < 0 or > CallLimits.MaxSeconds) return Refusal.BadSeconds;
        var policy = providers.PolicyOf(question.ProviderNo, clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        return await bookkeeper.Ask(new RenewRequest(question.ElapsedSeconds, policy.Value.Policy.Calls)
        {
            Call = CallKey.Of(question.ProviderNo, question.Switch, question.Call),
            DeadlineTimestamp = BookRequest.Within(AuthorizeCall.Patience),
        });
    }
}

sealed class RenewRequest(int elapsedSeconds, CallRules rules) : BookRequest<CallGrant>
{
    public override BookPriority Priority => BookPriority.Authorizes;

    internal override bool ReadsRenewals => true;

    protected override Result<CallGrant> Decision(Books books)
    {
        var key = Call!.Value;
        if (books.HoldOf(key) is not { } hold)
            return books.CallOf(key) is null ? Refusal.UnknownCall : Refusal.CallEnded;
        var (account, wallet) = books.Of(hold);
        if (books.RenewalOf(key, elapsedSeconds) is { } before)
            return CallGrant.Of(hold, before, account.Facts.Currency);
        if (!hold.Billable) return CallGrant.FirstOf(hold, account.Facts.Currency);
        if (hold.ExpiredAt is not null) return Refusal.CallEnded;
        if (account.Facts.Closed) return Refusal.AccountClosed;
        if ((account.Facts.Blocks & hold.Direction) != Directions.None) return Refusal.AccountSuspended;
        var grant = Grant.Next(
            hold.Terms.CallTerms(), hold.GrantedSeconds, hold.HeldMicros, wallet.AvailableMicros(account.At), rules);
        if (grant.Refused is { } refused) return refused;
        return Extend(books, account, wallet, hold, grant.Value);
    }

    CallGrant Extend(Books books, AccountBooks account, WalletBooks wallet, Hold hold, Grant grant)
    {
        var end = account.At + Duration.FromSeconds((long)grant.Seconds - elapsedSeconds + rules.HoldGraceSeconds);
        var extended = hold with
        {
            GrantedSeconds = grant.Seconds,
            HeldMicros = grant.HeldMicros,
            Final = grant.Final,
            Renewals = hold.Renewals + 1,
            ExpiresAt = end > hold.ExpiresAt ? end : hold.ExpiresAt,
        };
        books.Change(account, wallet, extended);
        var renewal = new Renewal(
            hold.Key, elapsedSeconds, grant.Seconds, grant.HeldMicros, grant.Final,
            grant.RenewInSeconds(hold.GrantedSeconds, rules));
        books.Keep(renewal);
        return CallGrant.Of(extended, renewal, account.Facts.Currency);
    }
}

/// <summary>Bounds that no real call passes.</summary>
public static class CallLimits
{
    /// <summary>One week.</summary>
    public const int MaxSeconds = 7 * 24 * 3600;

    /// <summary>How far a switch's clock may be ahead of ours.</summary>
    public static Duration MaxAhead => Duration.FromMinutes(10);
}
