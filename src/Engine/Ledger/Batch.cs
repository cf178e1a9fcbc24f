using System.Buffers.Binary;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// An entry key that was used: which entry it made, of what content, and the balance and amount that were answered.
/// </summary>
public readonly record struct KeptKey(
    EntryKey Key, long WalletNo, long Seq, ContentHash Content, long BalanceMicros, long AmountMicros)
{
    /// <summary>
    /// What whoever sends the key again gets: the first answer for the same content, and a refusal with it beside for
    /// other content. What another account was answered is not this one's to see.
    /// </summary>
    public Result<T> Again<T>(ContentHash content, AccountBooks account, T first)
    {
        if (!account.Owns(WalletNo)) return Refusal.RepeatedDifferently;
        return Content == content ? first : new Refused(Refusal.RepeatedDifferently, First: first);
    }
}

/// <summary>What is to be posted to a wallet; the bookkeeper numbers, dates and chains it.</summary>
public sealed record EntryDraft(EntryKind Kind, IReadOnlyList<Posting> Postings, Instant OccurredAt)
{
    public long? CallN { get; init; }
    public string? Reference { get; init; }
    public long? ReversesSeq { get; init; }

    /// <summary>
    /// The threshold of the low-balance alert that holds for this account now; none where there is no alert.
    /// </summary>
    public long? LowBalanceMicros { get; init; }

    public bool IsSpending => Kind is EntryKind.Call or EntryKind.LateCall or EntryKind.ImportedCall or EntryKind.Query;

    /// <summary>
    /// What the postings do to the wallet, whose ledger account is credited by what raises it; micros.
    /// </summary>
    public long AmountMicros(string walletCode)
    {
        var amount = 0L;
        foreach (var posting in Postings)
        {
            Demand.That(posting.AmountMicros > 0, "a posting moves a positive amount");
            Demand.That(posting.Credit == walletCode != (posting.Debit == walletCode),
                "a posting has one side in the wallet");
            amount = checked(amount + (posting.Credit == walletCode ? posting.AmountMicros : -posting.AmountMicros));
        }
        return amount;
    }
}

/// <summary>What a batch needs to read before it decides.</summary>
sealed class BatchKeys
{
    public BatchKeys(IReadOnlyList<BookRequest> requests, IReadOnlyDictionary<CallKey, long> accountsOfCalls)
    {
        foreach (var request in requests)
        {
            if (request.AccountNo != 0) accounts.Add(request.AccountNo);
            if (request.AccountHint != 0) accounts.Add(request.AccountHint);
            if (request.Call is { } call)
            {
                calls.Add(call.Value);
                if (accountsOfCalls.TryGetValue(call, out var account)) accounts.Add(account);
                else if (request.AccountHint == 0) newCalls.Add(call.Value);
                if (request.ReadsRenewals) renewed.Add(call.Value);
            }
            if (request.Key is { } key) keys.Add(key.Value);
            if (request.Entry is { } entry) entries.Add(entry);
        }
        Accounts = [.. accounts.Order()];
        Calls = [.. calls];
        NewCalls = [.. newCalls];
    }

    readonly HashSet<long> accounts = [];
    readonly HashSet<Guid> calls = [];
    readonly HashSet<Guid> newCalls = [];
    readonly HashSet<Guid> renewed = [];
    readonly HashSet<Guid> keys = [];
    readonly HashSet<EntryRef> entries = [];

    /// <summary>Sorted: the order in which they are locked.</summary>
    public long[] Accounts { get; }
    public Guid[] Calls { get; }

    /// <summary>Calls that no hold is known of.</summary>
    public Guid[] NewCalls { get; }
    public Guid[] RenewedCalls => [.. renewed];
    public Guid[] Keys => [.. keys];
    public EntryRef[] Entries => [.. entries];

    public bool ReadsRenewalsOf(Guid call) => renewed.Contains(call);

    /// <summary>
    /// New calls, sorted: whoever decides such a call waits for the other who does, because no wallet's lock stands
    /// between two accounts, or between an authorize under way and an end that knows no account.
    /// </summary>
    public long[] CallsToClaim => [.. NewCalls.Select(KeyOf).Order()];

    /// <summary>Calls that were thought to have a hold and have none: they may be over.</summary>
    public Guid[] CallsNotHeld(BatchRead read)
    {
        if (calls.Count == newCalls.Count) return [];
        var missing = new HashSet<Guid>(calls);
        missing.ExceptWith(newCalls);
        foreach (var hold in read.Holds) missing.Remove(hold.Key.Value);
        return [.. missing];
    }

    static long KeyOf(Guid call)
    {
        Span<byte> bytes = stackalloc byte[16];
        Demand.That(call.TryWriteBytes(bytes), "a key has 16 bytes");
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }
}

/// <summary>What a batch read, under its locks.</summary>
sealed class BatchRead
{
    readonly Dictionary<long, List<WalletBooks>> wallets = [];

    public List<AccountFacts> Accounts { get; } = [];
    public List<Hold> Holds { get; } = [];
    public List<Call> Calls { get; } = [];
    public List<Renewal> Renewals { get; } = [];
    public List<KeptKey> Keys { get; } = [];
    public List<Entry> Entries { get; } = [];
    public HashSet<CallKey> Marks { get; } = [];

    /// <summary>Wallets of an account come in the order of their numbers.</summary>
    public void Add(WalletRow wallet)
    {
        if (!wallets.TryGetValue(wallet.AccountNo, out var own)) wallets.Add(wallet.AccountNo, own = []);
        own.Add(new WalletBooks(wallet));
    }

    public IReadOnlyList<WalletBooks> WalletsOf(long accountNo) => wallets.GetValueOrDefault(accountNo) ?? [];

    /// <summary>Postings come in their order within an entry that was read before.</summary>
    public void Add(EntryRef entry, Posting posting)
    {
        var at = Entries.FindIndex(each => each.WalletNo == entry.WalletNo && each.Seq == entry.Seq);
        Entries[at] = Entries[at] with { Postings = [.. Entries[at].Postings, posting] };
    }
}

/// <summary>What a batch's decisions changed.</summary>
sealed class BatchWrites
{
    public List<WalletBooks> Wallets { get; } = [];
    public List<Hold> NewHolds { get; } = [];
    public List<Hold> ChangedHolds { get; } = [];
    public List<Hold> GoneHolds { get; } = [];
    public List<Renewal> Renewals { get; } = [];
    public List<Entry> Entries { get; } = [];
    public List<Call> Calls { get; } = [];
    public List<KeptKey> Keys { get; } = [];
    public List<Crossing> Crossings { get; } = [];
    public List<(CallKey Call, Instant Until)> Marks { get; } = [];
    public List<(long WalletNo, FloorRecord Record, Instant At, string By)> Floors { get; } = [];
    public List<(long AccountNo, long? ThresholdMicros)> Alerts { get; } = [];
    public List<(long WalletNo, long? ThresholdMicros)> Watches { get; } = [];
    public List<(long WalletNo, int Day, int Calls, long SpentMicros)> Days { get; } = [];

    public bool IsEmpty =>
        Wallets.Count + NewHolds.Count + ChangedHolds.Count + GoneHolds.Count + Entries.Count + Calls.Count
        + Keys.Count + Crossings.Count + Marks.Count + Floors.Count + Days.Count + Renewals.Count
        + Alerts.Count + Watches.Count == 0;
}
