using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// A switch asks for a caller's name on behalf of an account; CNAM is the one kind so far (R28, R29).
/// </summary>
public sealed record NameQuery(int ProviderNo, string Switch, string Query, string Account, string? Did, string Number);

public sealed record QueryCharged(Money Charge, Money Balance);

/// <summary>
/// RATE-07: each query costs the policy's fee, answered or not; there must be money for it before it is made.
/// </summary>
public sealed class ChargeQuery(Bookkeeper bookkeeper, ProvidersInForce providers, AccountDirectory accounts,
    IClock clock)
{
    public async Task<Result<QueryCharged>> Ask(NameQuery query, CancellationToken ct = default)
    {
        var policy = providers.PolicyOf(query.ProviderNo, clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        var account = await accounts.Find(query.ProviderNo, query.Account, ct);
        if (account.Refused is { } noAccount) return noAccount;
        var rules = policy.Value.Policy;
        return await bookkeeper.Ask(new QueryRequest(query, rules.Fees.CnamMicros, rules.Alert.LowBalanceMicros)
        {
            AccountNo = account.Value,
            Key = EntryKey.Of(query.ProviderNo, "query", query.Switch + "\n" + query.Query),
            DeadlineTimestamp = BookRequest.Within(AuthorizeCall.Patience),
        });
    }
}

sealed class QueryRequest(NameQuery query, long feeMicros, long lowBalanceMicros) : BookRequest<QueryCharged>
{
    readonly ContentHash content = ContentHash.Of("query", query.Account, query.Did ?? "", query.Number);

    public override BookPriority Priority => BookPriority.Authorizes;

    protected override Result<QueryCharged> Decision(Books books)
    {
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        var currency = account.Facts.Currency;
        if (books.KeyKept(Key!.Value) is { } kept)
        {
            var first =
                new QueryCharged(new Money(kept.AmountMicros, currency), new Money(kept.BalanceMicros, currency));
            return kept.Again(content, account, first);
        }
        if (account.Facts.Closed) return Refusal.AccountClosed;
        var wallet = account.Wallet(Directions.Inbound);
        if (feeMicros > wallet.AvailableMicros(account.At)) return Refusal.InsufficientFunds;
        List<Posting> postings =
            feeMicros > 0 ? [new Posting(wallet.Read.LedgerCode, LedgerCode.OtherFees, feeMicros)] : [];
        var seq = books.Post(account, wallet, new EntryDraft(EntryKind.Query, postings, account.At)
        {
            Reference = "CNAM " + query.Number,
            LowBalanceMicros = account.Facts.LowBalanceMicros(lowBalanceMicros),
        });
        books.Keep(Key.Value, content, new EntryRef(wallet.No, seq ?? wallet.Seq), wallet.BalanceMicros, feeMicros);
        return new QueryCharged(new Money(feeMicros, currency), new Money(wallet.BalanceMicros, currency));
    }
}
