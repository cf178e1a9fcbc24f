using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Charging;

/// <summary>A finished call that Tollkeeper was never asked about.</summary>
public sealed record FinishedCall(CallQuestion Question, CallOver Over);

/// <summary>What became of an imported call.</summary>
public enum ImportOutcome
{
    Accepted = 0,

    /// <summary>The same call with the same content was there already.</summary>
    Repeated = 1,
}

/// <summary>
/// Charges a finished call that no authorize preceded: whole, at the rate of its start, below the floor if need be,
/// once however often it is sent.
/// </summary>
public sealed class ImportCall(
    Bookkeeper bookkeeper, ProvidersInForce providers, AccountDirectory accounts, SwitchDirectory switches,
    CallPrices prices,
    IClock clock)
{
    public async Task<Result<ImportOutcome>> Import(FinishedCall finished, CancellationToken ct = default)
    {
        var (question, over) = finished;
        var now = clock.GetCurrentInstant();
        if (over.Check(now) is { } refusal) return refusal;
        var startedAt = over.AnsweredAt ?? over.EndedAt - Duration.FromSeconds(over.Seconds);
        var policy = providers.PolicyOf(question.ProviderNo, startedAt);
        // A call from before the provider's first policy, brought along from elsewhere, goes by today's.
        if (!policy.Accepted) policy = providers.PolicyOf(question.ProviderNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        var dialled = DialledNumber.Read(question.To, policy.Value.Policy.Dialling);
        if (dialled.Refused is { } badNumber) return badNumber;
        var account = await accounts.Find(question.ProviderNo, question.Account, ct);
        if (account.Refused is { } noAccount) return noAccount;
        var at = await switches.Find(question.ProviderNo, question.Switch, question.KeyNo, ct);
        if (at.Refused is { } noSwitch) return noSwitch;
        RateDeck? older = null;
        while (true)
        {
            var answer = await bookkeeper.Ask(
                new ImportRequest(finished, startedAt, at.Value, policy.Value, dialled.Value, prices, older)
                {
                    AccountNo = account.Value,
                    Call = CallKey.Of(question.ProviderNo, question.Switch, question.Call),
                });
            if (answer.Refused is { } no) return no;
            if (answer.Value.DeckBeingRead is not { } reading) return answer.Value.Outcome;
            var read = await reading;
            if (read.Refused is { } noDeck) return noDeck;
            older = read.Value;
        }
    }
}

/// <summary>
/// What became of an imported call; or the deck of its day that is being read, and nothing is decided yet: a decision,
/// which keeps wallets locked, does not wait for it.
/// </summary>
readonly record struct ImportAnswer(ImportOutcome Outcome, Task<Result<RateDeck>>? DeckBeingRead = null);

sealed class ImportRequest(
    FinishedCall finished, Instant startedAt, int switchNo, PolicyVersion policy, DialledNumber dialled,
    CallPrices prices, RateDeck? older)
    : BookRequest<ImportAnswer>
{
    readonly ContentHash content = ContentOf(finished);

    public override BookPriority Priority => BookPriority.BulkWork;

    protected override Result<ImportAnswer> Decision(Books books)
    {
        var key = Call!.Value;
        if (books.HoldOf(key) is { } hold) return Settle(books, hold);
        if (books.CallOf(key) is { } before) return Again(before);
        if (books.Account(AccountNo) is not { } account) return Refusal.UnknownAccount;
        var (question, over) = finished;
        var terms = KeptTerms.Free(dialled.Kind == DialledKind.Emergency ? "Emergency" : "Feature code");
        if (dialled.Billable)
        {
            var deck = DeckOf(account.Facts, out var beingRead);
            if (beingRead is not null) return new ImportAnswer(default, beingRead);
            if (deck.Refused is { } noDeck) return noDeck;
            var found = prices.TermsOf(deck.Value, account.Facts, question, dialled, policy, startedAt);
            if (found.Refused is { } noTerms) return noTerms;
            terms = found.Value.Keep();
        }
        var wallet = account.Wallet(question.Direction);
        var low = account.Facts.LowBalanceMicros(policy.Policy.Alert.LowBalanceMicros);
        CallCharging.Charge(
            books, account, wallet, CallOf(account, wallet, key, terms), over.Seconds, EntryKind.ImportedCall, low);
        return new ImportAnswer(ImportOutcome.Accepted);
    }

    /// <summary>
    /// A call that was let through and whose end never came, such as after a restore or the loss of a switch: the
    /// record of it is that end.
    /// </summary>
    Result<ImportAnswer> Settle(Books books, Hold hold)
    {
        if (hold.ExpiredAt is null) return Refusal.CallInProgress;
        if (hold.AccountNo != AccountNo) return Refusal.RepeatedDifferently;
        CallCharging.Settle(books, hold, finished.Over, policy.Policy.Alert.LowBalanceMicros);
        return new ImportAnswer(ImportOutcome.Accepted);
    }

    /// <summary>It is the same call also where its own end was told before.</summary>
    Result<ImportAnswer> Again(Call before)
    {
        var same = before.EndContent == content || before.EndContent == finished.Over.Content;
        return same && before.AccountNo == AccountNo
            ? new ImportAnswer(ImportOutcome.Repeated)
            : Refusal.RepeatedDifferently;
    }

    /// <summary>From memory, or the one that was read for this call; else it begins to be read.</summary>
    Result<RateDeck> DeckOf(AccountFacts facts, out Task<Result<RateDeck>>? beingRead)
    {
        beingRead = null;
        var direction = finished.Question.Direction;
        var deck = prices.DeckOf(facts, direction, startedAt);
        if (deck.IsCompletedSuccessfully) return deck.Result;
        if (older is not null && older.DeckNo == CallPrices.DeckNoOf(facts, direction)) return older;
        beingRead = deck.AsTask();
        return Refusal.Busy;
    }

    Call CallOf(AccountBooks account, WalletBooks wallet, CallKey key, KeptTerms terms) => new()
    {
        WalletNo = wallet.No,
        N = wallet.Calls + 1,
        Key = key,
        AccountNo = AccountNo,
        SwitchNo = switchNo,
        CallId = finished.Question.Call,
        Direction = finished.Question.Direction,
        From = finished.Question.From,
        To = dialled.E164,
        Billable = dialled.Billable,
        Currency = account.Facts.Currency,
        StartedAt = startedAt.CutToMicros(),
        AnsweredAt = finished.Over.AnsweredAt?.CutToMicros(),
        EndedAt = finished.Over.EndedAt.CutToMicros(),
        RecordedAt = account.At,
        Seconds = finished.Over.Seconds,
        GrantedSeconds = null,
        BilledSeconds = 0,
        OverrunSeconds = 0,
        Disposition = finished.Over.Disposition,
        SipCode = finished.Over.SipCode,
        Stale = false,
        ChargeMicros = 0,
        TaxMicros = 0,
        BalanceMicros = wallet.BalanceMicros,
        EntrySeq = null,
        EndContent = content,
        FirstAnswer = null,
        PolicyVersion = policy.Version,
        Terms = terms,
    };

    static ContentHash ContentOf(FinishedCall finished) => ContentHash.Of(
        "import", finished.Question.Account, finished.Question.Direction.ToString(), finished.Question.From,
        finished.Question.To, finished.Over.Seconds.ToString(CultureInfo.InvariantCulture),
        finished.Over.Disposition.ToString());
}
