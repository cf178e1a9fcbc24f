using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// The books as one batch sees them, under the locks of every wallet that its requests touch. Decisions read them and
/// change them in memory; what changed is then written at once.
/// </summary>
public sealed class Books
{
    readonly Dictionary<long, AccountBooks> accounts = [];
    readonly Dictionary<CallKey, HoldBooks> holds = [];
    readonly Dictionary<CallKey, Call> calls = [];
    readonly Dictionary<EntryKey, KeptKey> keys = [];
    readonly Dictionary<(CallKey, int), Renewal> renewals = [];
    readonly Dictionary<EntryRef, Entry> entries = [];
    readonly HashSet<CallKey> marks;
    readonly Func<int, DateTimeZone> zoneOf;

    internal Books(BatchRead read, Instant now, Func<int, DateTimeZone> zoneOf)
    {
        this.zoneOf = zoneOf;
        Now = now.CutToMicros();
        marks = read.Marks;
        foreach (var facts in read.Accounts)
            if (read.WalletsOf(facts.No) is { Count: > 0 } wallets)
                accounts.Add(facts.No, new AccountBooks(facts, wallets, Now));
        foreach (var hold in read.Holds) holds.Add(hold.Key, new HoldBooks(hold, Existed: true));
        foreach (var call in read.Calls) calls[call.Key] = call;
        foreach (var key in read.Keys) keys.Add(key.Key, key);
        foreach (var renewal in read.Renewals) renewals.Add((renewal.Key, renewal.ElapsedSeconds), renewal);
        foreach (var entry in read.Entries) entries.Add(new EntryRef(entry.WalletNo, entry.Seq), entry);
    }

    public Instant Now { get; }
    internal BatchWrites Writes { get; } = new();

    public AccountBooks? Account(long accountNo) => accounts.GetValueOrDefault(accountNo);

    /// <summary>The account and wallet of a hold.</summary>
    /// <exception cref="AccountNotLocked">The hold came after the accounts were chosen: the batch begins anew with
    /// this one too.</exception>
    public (AccountBooks Account, WalletBooks Wallet) Of(Hold hold)
    {
        var account = Account(hold.AccountNo) ?? throw new AccountNotLocked(hold.AccountNo);
        return (account, account.Wallets.First(wallet => wallet.No == hold.WalletNo));
    }

    public Hold? HoldOf(CallKey call) => holds.TryGetValue(call, out var hold) && !hold.Gone ? hold.Hold : null;

    public Call? CallOf(CallKey call) => calls.GetValueOrDefault(call);

    public bool EndedBeforeAsked(CallKey call) => marks.Contains(call);

    public KeptKey? KeyKept(EntryKey key) => keys.TryGetValue(key, out var kept) ? kept : null;

    public Renewal? RenewalOf(CallKey call, int elapsedSeconds) =>
        renewals.TryGetValue((call, elapsedSeconds), out var renewal) ? renewal : null;

    public Entry? EntryAt(EntryRef reference) => entries.GetValueOrDefault(reference);

    /// <summary>Sets money aside for a call.</summary>
    public void Place(AccountBooks account, WalletBooks wallet, Hold hold)
    {
        wallet.HeldMicros = checked(wallet.HeldMicros + hold.HeldMicros);
        Touch(account, wallet);
        holds[hold.Key] = holds.TryGetValue(hold.Key, out var gone)
            ? gone with { Hold = hold, Gone = false, Changed = true }
            : new HoldBooks(hold, Existed: false);
    }

    /// <summary>Sets more aside for a call that goes on, or frees what an expired one held.</summary>
    public void Change(AccountBooks account, WalletBooks wallet, Hold hold)
    {
        var kept = holds[hold.Key];
        wallet.HeldMicros = checked(wallet.HeldMicros + hold.HeldMicros - kept.Hold.HeldMicros);
        Touch(account, wallet);
        holds[hold.Key] = kept with { Hold = hold, Changed = true };
    }

    public void Keep(Renewal renewal)
    {
        renewals[(renewal.Key, renewal.ElapsedSeconds)] = renewal;
        Writes.Renewals.Add(renewal);
    }

    /// <summary>The call is over: what was held is free, and the call is kept instead.</summary>
    public void Release(AccountBooks account, WalletBooks wallet, Hold hold)
    {
        wallet.HeldMicros = checked(wallet.HeldMicros - hold.HeldMicros);
        Touch(account, wallet);
        holds[hold.Key] = holds[hold.Key] with { Gone = true };
    }

    public void Keep(AccountBooks account, WalletBooks wallet, Call call)
    {
        Demand.That(call.N == wallet.Calls + 1, "calls of a wallet are numbered without gaps");
        wallet.Calls = call.N;
        Touch(account, wallet);
        calls[call.Key] = call;
        Writes.Calls.Add(call);
    }

    /// <summary>Leaves a mark that refuses the late authorize of a call that has already ended (10 minutes).</summary>
    public void MarkEnded(CallKey call)
    {
        marks.Add(call);
        Writes.Marks.Add((call, Now + Duration.FromMinutes(10)));
    }

    public void Keep(LineCount line, AccountBooks account)
    {
        account.Keep(line);
        Touch(account, account.Wallets[0]);
    }

    /// <summary>
    /// Posts one entry: the balance moves by the postings' sum, seen from the wallet, and what thresholds it passed is
    /// written beside it. A zero amount posts nothing and has no entry.
    /// </summary>
    public long? Post(AccountBooks account, WalletBooks wallet, EntryDraft draft)
    {
        var amount = draft.AmountMicros(wallet.Read.LedgerCode);
        if (draft.Postings.Count == 0) return null;
        var before = wallet.BalanceMicros;
        var entry = new Entry
        {
            WalletNo = wallet.No,
            Seq = wallet.Seq + 1,
            Kind = draft.Kind,
            AmountMicros = amount,
            BalanceMicros = checked(before + amount),
            OccurredAt = draft.OccurredAt.CutToMicros(),
            RecordedAt = account.At,
            CallN = draft.CallN,
            Reference = draft.Reference,
            ReversesSeq = draft.ReversesSeq,
            Postings = draft.Postings,
        };
        entry = entry with { Hash = EntryChain.Hash(wallet.Chain, entry) };
        Touch(account, wallet);
        wallet.BalanceMicros = entry.BalanceMicros;
        wallet.Seq = entry.Seq;
        wallet.Chain = entry.Hash;
        Writes.Entries.Add(entry);
        if (draft.IsSpending) Spend(account, wallet, -amount, draft.CallN is not null);
        var floor = wallet.FloorMicros(account.At);
        Cross(account, wallet, before, floor, floor, draft.LowBalanceMicros);
        return entry.Seq;
    }

    /// <summary>Remembers what was answered to whoever used a key.</summary>
    public void Keep(EntryKey key, ContentHash content, EntryRef entry, long balanceMicros, long amountMicros = 0)
    {
        var kept = new KeptKey(key, entry.WalletNo, entry.Seq, content, balanceMicros, amountMicros);
        keys.Add(key, kept);
        Writes.Keys.Add(kept);
    }

    /// <summary>Adds a dated step of the floor; what thresholds that passes is written with it.</summary>
    public void AddFloor(AccountBooks account, WalletBooks wallet, FloorRecord record, string by)
    {
        Touch(account, wallet);
        var before = wallet.FloorMicros(account.At);
        wallet.Floors = Floor.StillToRule(wallet.Floors.Append(record), account.At);
        Writes.Floors.Add((wallet.No, record, account.At, by));
        Cross(account, wallet, wallet.BalanceMicros, before, wallet.FloorMicros(account.At), null);
    }

    /// <summary>
    /// Another low-balance amount: a balance that is between the old and the new one passes it now, and is told of now.
    /// </summary>
    /// <param name="wanted">Null: the package's, or the policy's.</param>
    public void SetAlert(AccountBooks account, long? wanted, long lowBalanceOfPolicy)
    {
        var before = account.Facts.LowBalanceMicros(lowBalanceOfPolicy);
        account.Facts = account.Facts with { AlertThresholdMicros = wanted };
        var after = account.Facts.LowBalanceMicros(lowBalanceOfPolicy);
        Writes.Alerts.Add((account.Facts.No, wanted));
        foreach (var wallet in account.Wallets)
        {
            Touch(account, wallet);
            Cross(account, wallet, CrossingKind.LowBalance, wallet.BalanceMicros, before, after);
        }
    }

    /// <summary>
    /// Where automatic billing charges from now on. A wallet that is there already crosses now, whatever it did before.
    /// </summary>
    /// <param name="thresholdMicros">Null: it does not charge.</param>
    public void Watch(AccountBooks account, WalletBooks wallet, long? thresholdMicros)
    {
        Touch(account, wallet);
        wallet.AutomaticMicros = thresholdMicros;
        Writes.Watches.Add((wallet.No, thresholdMicros));
    }

    /// <summary>
    /// R12: what is left, which calls that go on lower by what they hold, has reached the amount at which automatic
    /// billing charges. Compared once for a batch: what a call gave back at its end was never gone.
    /// </summary>
    void CrossAutomatic(AccountBooks account, WalletBooks wallet)
    {
        if (wallet.AutomaticMicros is not { } threshold) return;
        var before = wallet.Read.AutomaticMicros == threshold
            ? wallet.Read.BalanceMicros - wallet.Read.HeldMicros
            : long.MaxValue;
        var after = wallet.BalanceMicros - wallet.HeldMicros;
        if (before > threshold && after <= threshold)
            Writes.Crossings.Add(new Crossing(
                wallet.No, wallet.Seq, CrossingKind.AutomaticBilling, Downwards: true, threshold, after, account.At));
    }

    void Cross(AccountBooks account, WalletBooks wallet, long before, long floorBefore, long floorAfter,
        long? lowBalance)
    {
        var atFloor = account.Facts.Type == AccountType.Prepaid ? CrossingKind.Zero : CrossingKind.CreditLimit;
        Cross(account, wallet, atFloor, before, floorBefore, floorAfter);
        if (lowBalance is { } low) Cross(account, wallet, CrossingKind.LowBalance, before, low, low);
    }

    void Cross(
        AccountBooks account, WalletBooks wallet, CrossingKind kind, long before, long thresholdBefore,
        long thresholdAfter)
    {
        var after = wallet.BalanceMicros;
        if (!Crossing.Passed(before, thresholdBefore, after, thresholdAfter, out var downwards)) return;
        Writes.Crossings.Add(
            new Crossing(wallet.No, wallet.Seq, kind, downwards, thresholdAfter, after, account.At));
    }

    /// <summary>
    /// Today's and this month's spending stand on the wallet; a day that is over goes to its own row.
    /// </summary>
    void Spend(AccountBooks account, WalletBooks wallet, long spentMicros, bool call)
    {
        var today = account.At.InZone(zoneOf(account.Facts.ProviderNo)).Date;
        var day = (int)Period.DaysBetween(Epoch, today);
        // A zone that moved west may begin a day anew that is over and written: what is spent then stays on the later
        // day.
        if (day > wallet.Day)
        {
            var former = Epoch.PlusDays(wallet.Day);
            if (wallet.DayCalls > 0 || wallet.DaySpentMicros != 0)
                Writes.Days.Add((wallet.No, wallet.Day, wallet.DayCalls, wallet.DaySpentMicros));
            if ((former.Year, former.Month) != (today.Year, today.Month)) wallet.MonthSpentMicros = 0;
            (wallet.Day, wallet.DayCalls, wallet.DaySpentMicros) = (day, 0, 0);
        }
        wallet.DayCalls += call ? 1 : 0;
        wallet.DaySpentMicros = checked(wallet.DaySpentMicros + spentMicros);
        wallet.MonthSpentMicros = checked(wallet.MonthSpentMicros + spentMicros);
    }

    static readonly LocalDate Epoch = new(1970, 1, 1);

    void Touch(AccountBooks account, WalletBooks wallet)
    {
        // A dated limit may have begun or run out since the wallet was last looked at.
        var (before, now) = (wallet.FloorMicros(wallet.LastAt), wallet.FloorMicros(account.At));
        if (before != now) Cross(account, wallet, wallet.BalanceMicros, before, now, null);
        wallet.LastAt = account.At;
        wallet.Dirty = true;
    }

    /// <summary>Everything that the decisions changed, ready to be written.</summary>
    internal BatchWrites Finish()
    {
        foreach (var account in accounts.Values)
            foreach (var wallet in account.Wallets.Where(wallet => wallet.Dirty))
            {
                CrossAutomatic(account, wallet);
                Writes.Wallets.Add(wallet);
            }
        foreach (var hold in holds.Values)
        {
            if (!hold.Existed && !hold.Gone) Writes.NewHolds.Add(hold.Hold);
            if (hold.Existed && hold.Gone) Writes.GoneHolds.Add(hold.Hold);
            if (hold.Existed && !hold.Gone && hold.Changed) Writes.ChangedHolds.Add(hold.Hold);
        }
        Writes.Renewals.RemoveAll(renewal => holds[renewal.Key].Gone);
        return Writes;
    }

    sealed record HoldBooks(Hold Hold, bool Existed)
    {
        public bool Changed { get; init; }
        public bool Gone { get; init; }
    }
}

/// <summary>A decision met an account that its batch had not locked.</summary>
sealed class AccountNotLocked(long accountNo) : Exception("An account was not locked.")
{
    public long AccountNo => accountNo;
}
