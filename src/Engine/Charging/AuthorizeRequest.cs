using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Charging;

/// <summary>The decision about one call that wants to start.</summary>
sealed class AuthorizeRequest(
    CallQuestion question, int switchNo, PolicyVersion policy, Result<DialledNumber> dialled, CallPrices prices)
    : BookRequest<CallGrant>
{
    readonly ContentHash content = ContentOf(question);

    /// <summary>A call that is never billed is never queued behind one that is.</summary>
    public override BookPriority Priority =>
        dialled is { Accepted: true, Value.Billable: false } ? BookPriority.EndsAndMoneyIn : BookPriority.Authorizes;

    protected override Result<CallGrant> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        if (Asked(books, account.Facts.Currency) is { } before) return before;
        if (IsShut(account.Facts)) return Refusal.AddressNotAllowed;
        if (account.Facts.Closed) return Refusal.AccountClosed;
        if (dialled is { Accepted: true, Value.Billable: false })
            return Place(books, account,
                KeptTerms.Free(dialled.Value.Kind == DialledKind.Emergency ? "Emergency" : "Feature code"), FreeGrant);
        var wallet = account.Wallet(question.Direction);
        if (Status(account, wallet) is { } off) return off;
        if (Admit(books, account) is { } limited) return limited;
        if (dialled.Refused is { } badNumber) return badNumber;
        var terms = prices.TermsOf(account.Facts, question, dialled.Value, policy, account.At);
        if (terms.Refused is { } noTerms) return noTerms;
        var grant = Grant.First(terms.Value, wallet.AvailableMicros(account.At), policy.Policy.Calls);
        if (grant.Refused is { } noFunds) return noFunds;
        return Place(books, account, terms.Value.Keep(), grant.Value);
    }

    /// <summary>
    /// The first answer again, for the same question while the call is held. Once the call is over its id is used up: a
    /// repeat would be a second call that nobody holds money for.
    /// </summary>
    Result<CallGrant>? Asked(Books books, Currency currency)
    {
        var key = Call!.Value;
        if (books.HoldOf(key) is { } hold)
        {
            return hold.ExpiredAt is null
                ? Again(hold.Content, hold.AccountNo, CallGrant.FirstOf(hold, currency))
                : Refusal.CallEnded;
        }
        if (books.CallOf(key) is { } call)
            return new Refused(Refusal.CallEnded, First: call.AccountNo == AccountNo ? CallGrant.FirstOf(call) : null);
        if (books.EndedBeforeAsked(key)) return Refusal.EndedBeforeAuthorize;
        return null;
    }

    Result<CallGrant> Again(ContentHash first, long accountNo, CallGrant answer)
    {
        if (accountNo == AccountNo && first == content) return answer;
        // Another account's answer is not this asker's to see.
        return new Refused(Refusal.RepeatedDifferently, First: accountNo == AccountNo ? answer : null);
    }

    /// <summary>
    /// Whether the customer's calls may not come from there, or the switch does not say from where. An inbound call
    /// comes from a carrier; an emergency call passes from anywhere.
    /// </summary>
    bool IsShut(AccountFacts facts) =>
        question.Direction == Directions.Outbound
        && dialled is not { Accepted: true, Value.Kind: DialledKind.Emergency }
        && !AllowedNetwork.Allow(facts.Networks, question.Source);

    Refusal? Status(AccountBooks account, WalletBooks wallet)
    {
        if ((account.Facts.Blocks & question.Direction) != Directions.None) return Refusal.AccountSuspended;
        var blocks =
            FinancialStatus.Blocks(wallet.BalanceMicros, wallet.FloorMicros(account.At), policy.Policy.Suspend);
        return (blocks & question.Direction) != Directions.None ? Refusal.InsufficientFundsStatus : null;
    }

    /// <summary>
    /// Calls per second, then channels, counted for the switch or for all switches as the policy says (R68, R69).
    /// </summary>
    Refusal? Admit(Books books, AccountBooks account)
    {
        var perSwitch = policy.Policy.Limits.Scope == LimitScope.Switch;
        var bucketOf = perSwitch ? switchNo : AllSwitches;
        var facts = account.Facts;
        var line = account.LineOf(bucketOf);
        var bucket = line is { TokensAtMicros: > 0 } known
            ? new RateBucket(known.MicroTokens, Instants.FromMicros(known.TokensAtMicros))
            : RateBucket.Full(facts.CallsPerSecond, account.At);
        var open = perSwitch ? account.LineOf(switchNo)?.Active ?? 0 : account.Lines.Sum(each => each.Active);
        var admission = Admission.Of(bucket, facts.CallsPerSecond, open, facts.Channels, account.At);
        if (admission.Refusal != Refusal.CpsExceeded)
        {
            var counted = (line ?? new LineCount(bucketOf, 0, 0, 0)).WithTry(
                admission.Bucket.MicroTokens, admission.Bucket.At.ToMicros(), started: admission.Refusal is null);
            books.Keep(counted, account);
        }
        return admission.Refusal;
    }

    Grant FreeGrant => new(policy.Policy.Calls.MaxCallSeconds, 0, Final: false);

    CallGrant Place(Books books, AccountBooks account, KeptTerms terms, Grant grant)
    {
        var rules = policy.Policy.Calls;
        var billable = dialled.Value.Billable;
        var wallet = account.Wallet(question.Direction);
        var hold = new Hold
        {
            Key = Call!.Value,
            WalletNo = wallet.No,
            AccountNo = AccountNo,
            SwitchNo = switchNo,
            Call = question.Call,
            Direction = question.Direction,
            From = question.From,
            To = dialled.Value.E164,
            Billable = billable,
            StartedAt = account.At,
            ExpiresAt = account.At
                + Duration.FromSeconds((long)rules.RingSeconds + grant.Seconds + rules.HoldGraceSeconds),
            GrantedSeconds = grant.Seconds,
            HeldMicros = grant.HeldMicros,
            Final = grant.Final,
            FirstAnswer = new FirstAnswer(
                grant.Seconds, grant.HeldMicros, grant.Final,
                billable ? grant.RenewInSeconds(0, rules) : grant.Seconds),
            Content = content,
            PolicyVersion = policy.Version,
            Terms = terms,
        };
        books.Place(account, wallet, hold);
        if (billable) Channels.Take(books, account, switchNo);
        return CallGrant.FirstOf(hold, account.Facts.Currency);
    }

    const int AllSwitches = 0;

    /// <summary>What makes two questions the same: account, direction, from, to.</summary>
    public static ContentHash ContentOf(CallQuestion question) => ContentHash.Of(
        "authorize", question.Account, question.Direction.ToString(), question.From, question.To);
}

/// <summary>
/// How many calls are up at each switch: one more at admission, one less at the end or when the hold expires.
/// </summary>
static class Channels
{
    public static void Take(Books books, AccountBooks account, int switchNo) => Change(books, account, switchNo, 1);

    public static void Free(Books books, AccountBooks account, int switchNo) => Change(books, account, switchNo, -1);

    static void Change(Books books, AccountBooks account, int switchNo, int by)
    {
        var line = account.LineOf(switchNo) ?? new LineCount(switchNo, 0, 0, 0);
        books.Keep(line with { Active = line.Active + by }, account);
    }
}
