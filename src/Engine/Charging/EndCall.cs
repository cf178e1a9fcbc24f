using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// A switch says that a call is over. <paramref name="Seconds"/> since the answer rules; 0 was not answered.
/// </summary>
public sealed record CallOver(
    int ProviderNo, string Switch, string Call, Instant? AnsweredAt, Instant EndedAt, int Seconds,
    Disposition Disposition, int? SipCode)
{
    /// <summary>What makes two ends the same: seconds and disposition, never when.</summary>
    public ContentHash Content => ContentHash.Of(
        "end", Seconds.ToString(System.Globalization.CultureInfo.InvariantCulture), Disposition.ToString());
}

/// <summary>
/// Charges a call once, for min(seconds, granted), frees the rest, and keeps the call with all that priced it.
/// </summary>
public sealed class EndCall(Bookkeeper bookkeeper, ProvidersInForce providers, IClock clock)
{
    public async Task<Result<CallCharged>> Tell(CallOver over)
    {
        var now = clock.GetCurrentInstant();
        if (over.Check(now) is { } refusal) return refusal;
        var policy = providers.PolicyOf(over.ProviderNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        var key = CallKey.Of(over.ProviderNo, over.Switch, over.Call);
        var answer =
            await bookkeeper.Ask(new EndRequest(over, policy.Value.Policy.Alert.LowBalanceMicros) { Call = key });
        if (answer.Accepted) bookkeeper.OpenCalls.Remove(key);
        return answer;
    }
}

static class CallChecks
{
    /// <summary>What no end of a call may say, whatever the call.</summary>
    public static Refusal? Check(this CallOver over, Instant now)
    {
        if (over.Seconds is < 0 or > CallLimits.MaxSeconds) return Refusal.BadSeconds;
        if (over.EndedAt > now + CallLimits.MaxAhead || over.EndedAt < Instant.FromUnixTimeSeconds(0))
            return Refusal.BadInstant;
        if (over.AnsweredAt is { } answered && answered > over.EndedAt) return Refusal.EndBeforeStart;
        return null;
    }
}

sealed class EndRequest(CallOver over, long lowBalanceMicros) : BookRequest<CallCharged>
{
    public override BookPriority Priority => BookPriority.EndsAndMoneyIn;

    protected override Result<CallCharged> Decision(Books books)
    {
        var key = Call!.Value;
        if (books.HoldOf(key) is not { } hold) return Ended(books, key);
        return CallCharged.Of(CallCharging.Settle(books, hold, over, lowBalanceMicros));
    }

    Result<CallCharged> Ended(Books books, CallKey key)
    {
        if (books.CallOf(key) is not { } call)
        {
            books.MarkEnded(key);
            return Refusal.UnknownCall;
        }
        var answer = CallCharged.Of(call);
        return call.EndContent == over.Content ? answer : new Refused(Refusal.RepeatedDifferently, First: answer);
    }
}

/// <summary>The common end of a call that had a grant and of one that is imported: price, post, keep.</summary>
static class CallCharging
{
    /// <summary>
    /// Ends a call that was let through: frees what is held for it and charges it for what it was granted at most.
    /// </summary>
    public static Call Settle(Books books, Hold hold, CallOver over, long lowBalanceMicros)
    {
        var (account, wallet) = books.Of(hold);
        if (hold.Billable && hold.ExpiredAt is null) Channels.Free(books, account, hold.SwitchNo);
        books.Release(account, wallet, hold);
        var seconds = Tollkeeper.Charging.Charge.SecondsOf(over.Seconds, hold.GrantedSeconds);
        var call = new Call
        {
            WalletNo = wallet.No,
            N = wallet.Calls + 1,
            Key = hold.Key,
            AccountNo = hold.AccountNo,
            SwitchNo = hold.SwitchNo,
            CallId = hold.Call,
            Direction = hold.Direction,
            From = hold.From,
            To = hold.To,
            Billable = hold.Billable,
            Currency = account.Facts.Currency,
            StartedAt = hold.StartedAt,
            AnsweredAt = over.AnsweredAt?.CutToMicros(),
            EndedAt = over.EndedAt.CutToMicros(),
            RecordedAt = account.At,
            Seconds = over.Seconds,
            GrantedSeconds = hold.GrantedSeconds,
            BilledSeconds = 0,
            OverrunSeconds = over.Seconds - seconds,
            Disposition = over.Disposition,
            SipCode = over.SipCode,
            Stale = hold.ExpiredAt is not null,
            ChargeMicros = 0,
            TaxMicros = 0,
            BalanceMicros = wallet.BalanceMicros,
            EntrySeq = null,
            EndContent = over.Content,
            FirstAnswer = hold.FirstAnswer,
            PolicyVersion = hold.PolicyVersion,
            Terms = hold.Terms,
        };
        var kind = call.Stale ? EntryKind.LateCall : EntryKind.Call;
        return Charge(
            books, account, wallet, call, seconds, kind, account.Facts.LowBalanceMicros(lowBalanceMicros));
    }

    public static Call Charge(
        Books books, AccountBooks account, WalletBooks wallet, Call call, int seconds, EntryKind kind,
        long lowBalanceMicros)
    {
        var charge = call.Billable ? Tollkeeper.Charging.Charge.Of(call.Terms.CallTerms(), seconds) : default;
        var revenue = call.Direction == Directions.Inbound ? LedgerCode.InboundRevenue : LedgerCode.OutboundRevenue;
        var postings = new List<Posting>(2);
        if (charge.ChargeMicros > 0) postings.Add(new Posting(wallet.Read.LedgerCode, revenue, charge.ChargeMicros));
        if (charge.TaxMicros > 0)
            postings.Add(new Posting(wallet.Read.LedgerCode, LedgerCode.FederalUniversalService, charge.TaxMicros));
        var entry = books.Post(account, wallet, new EntryDraft(kind, postings, call.EndedAt)
        {
            CallN = call.N,
            Reference = call.Key.Value.ToString("n"),
            LowBalanceMicros = lowBalanceMicros,
        });
        var charged = call with
        {
            BilledSeconds = charge.Price.BilledSeconds,
            ChargeMicros = charge.ChargeMicros,
            TaxMicros = charge.TaxMicros,
            BalanceMicros = wallet.BalanceMicros,
            EntrySeq = entry,
        };
        books.Keep(account, wallet, charged);
        return charged;
    }
}
