using NodaTime;

namespace Tollkeeper.Ledger;

/// <summary>A wallet's row as an audit needs it; micros, and texts as they stand in the books.</summary>
public sealed record AuditedWallet
{
    public required long No { get; init; }
    public required long AccountNo { get; init; }
    public required int ProviderNo { get; init; }
    public required string Currency { get; init; }
    public required string LedgerCode { get; init; }
    public required long BalanceMicros { get; init; }
    public required long HeldMicros { get; init; }
    public required long Seq { get; init; }
    public required long Calls { get; init; }
    public required byte[] Chain { get; init; }
    public required string LineUse { get; init; }
    public required int Day { get; init; }
    public required DaySum Today { get; init; }
    public required long MonthSpentMicros { get; init; }
    public required string? AccountCurrency { get; init; }
    public required int? AccountProviderNo { get; init; }

    /// <summary>The account's first wallet keeps the counts of its channels.</summary>
    public required bool IsFirst { get; init; }
}

/// <summary>The last entry that an anchor saw of a wallet.</summary>
public readonly record struct AnchoredWallet(long Seq, byte[] Hash);

/// <summary>
/// Follows one wallet's entries and calls in order and then compares the wallet's row with what they add up to.
/// </summary>
/// <param name="zone">The zone of its days; null where that changed, and days are not compared.</param>
public sealed class WalletAudit(
    AuditedWallet wallet, DateTimeZone? zone, AnchoredWallet? anchor, Action<AuditFinding> found)
{
    readonly SpendingDays spending = new(zone);
    FloorWatch floor = new([]);
    long seq;
    long balance;
    long calls;
    long recordedAt = long.MinValue;
    long callRecordedAt = long.MinValue;
    bool belowFloor;

    public AuditedWallet Wallet { get; } = wallet;

    /// <summary>The hash that the next entry is chained to, as the former entry's row has it.</summary>
    public byte[] FormerHash { get; private set; } = EntryChain.Start(wallet.No);

    public byte[] LedgerCodeUtf8 { get; } = System.Text.Encoding.UTF8.GetBytes(wallet.LedgerCode);

    public byte[] CurrencyUtf8 { get; } = System.Text.Encoding.UTF8.GetBytes(wallet.Currency);

    /// <summary>What its open holds set aside, by their rows.</summary>
    public long OpenHoldsMicros { get; set; }

    /// <summary>Billable calls of the account that are up, by switch.</summary>
    public Dictionary<int, int> UpAtSwitch { get; } = [];

    /// <summary>The sums of days that are over, by their rows.</summary>
    public SortedDictionary<int, DaySum> FormerDays { get; } = [];

    /// <summary>Must be told before the first entry.</summary>
    public void Follow(IReadOnlyList<RecordedFloor> floors) => floor = new FloorWatch(floors);

    /// <summary>The next entry of the wallet.</summary>
    /// <param name="postedMicros">The sum of its postings, seen from the wallet.</param>
    public void Entry(in EntryNumbers entry, long postedMicros, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> computed)
    {
        if (entry.Seq != seq + 1)
            Found(AuditCheck.Sequence, entry.Seq, $"entry {entry.Seq} follows entry {seq}.");
        if (entry.RecordedAtMicros < recordedAt)
            Found(AuditCheck.Sequence, entry.Seq, $"entry {entry.Seq} was recorded before the one before it.");
        if (!hash.SequenceEqual(computed))
            Found(AuditCheck.Chain, entry.Seq,
                $"entry {entry.Seq} or the one before it is not what was written: its hash does not follow.");
        if (postedMicros != entry.AmountMicros)
            Found(AuditCheck.Posting, entry.Seq,
                $"entry {entry.Seq} moves {entry.AmountMicros} micros and its postings {postedMicros}.");
        if (entry.BalanceMicros != unchecked(balance + entry.AmountMicros))
            Found(AuditCheck.Balance, entry.Seq,
                $"the balance after entry {entry.Seq} is {entry.BalanceMicros} micros; "
                + $"{balance} and {entry.AmountMicros} make {unchecked(balance + entry.AmountMicros)}.");
        if (anchor is { } kept && kept.Seq == entry.Seq && !hash.SequenceEqual(kept.Hash))
            Found(AuditCheck.Anchor, entry.Seq, $"entry {entry.Seq} or an older one was changed since the anchor.");
        (seq, balance, recordedAt) = (entry.Seq, entry.BalanceMicros, entry.RecordedAtMicros);
        FormerHash = FormerHash.Length == hash.Length ? FormerHash : new byte[hash.Length];
        hash.CopyTo(FormerHash);
        Explain(entry);
    }

    /// <summary>The next call of the wallet. Its calls are found by when they were recorded, in their order.</summary>
    public void Call(long n, long recordedAtMicros)
    {
        if (n != calls + 1) Found(AuditCheck.Sums, n, $"call {n} follows call {calls}.");
        if (recordedAtMicros < callRecordedAt)
            Found(AuditCheck.Sequence, n, $"call {n} was recorded before the one before it.");
        (calls, callRecordedAt) = (n, recordedAtMicros);
    }

    /// <summary>All entries, calls, holds and days were seen: compares the wallet's row with them.</summary>
    public void Finish()
    {
        CompareRow();
        CompareSums();
        CompareChannels();
    }

    void Explain(in EntryNumbers entry)
    {
        var kind = (EntryKind)entry.Kind;
        if (!Enum.IsDefined(kind))
        {
            Found(AuditCheck.Sequence, entry.Seq, $"entry {entry.Seq} is of kind {entry.Kind}, which does not exist.");
            return;
        }
        if (kind is EntryKind.Call or EntryKind.LateCall or EntryKind.ImportedCall or EntryKind.Query)
            spending.Add(entry.RecordedAtMicros, entry.CallN != 0, unchecked(-entry.AmountMicros));
        var explained = floor.Explains(
            kind, entry.AmountMicros, entry.BalanceMicros, Instants.FromMicros(entry.RecordedAtMicros));
        // Said once: every later entry is as low as the first that nothing explains.
        if (!explained && !belowFloor)
            Found(AuditCheck.Floor, entry.Seq,
                $"the balance after entry {entry.Seq} is {entry.BalanceMicros} micros, "
                + $"and nothing explains one below {floor.LowestExplainedMicros}.");
        belowFloor = !explained;
    }

    void CompareRow()
    {
        if (seq != Wallet.Seq)
            Found(AuditCheck.Sequence, 0, $"the wallet counts {Wallet.Seq} entries and its last is {seq}.");
        else if (seq > 0 && !Wallet.Chain.AsSpan().SequenceEqual(FormerHash))
            Found(AuditCheck.Chain, seq, "the wallet's hash is not that of its last entry.");
        if (balance != Wallet.BalanceMicros)
            Found(AuditCheck.Balance, 0,
                $"the wallet's balance is {Wallet.BalanceMicros} micros and its entries make {balance}.");
        if (OpenHoldsMicros != Wallet.HeldMicros)
            Found(AuditCheck.Held, 0,
                $"the wallet has {Wallet.HeldMicros} micros held and its open holds {OpenHoldsMicros}.");
        if (calls != Wallet.Calls)
            Found(AuditCheck.Sums, 0, $"the wallet counts {Wallet.Calls} calls and its last is {calls}.");
        if (Wallet.AccountCurrency is null)
            Found(AuditCheck.Sequence, 0, $"the wallet belongs to account {Wallet.AccountNo}, which is not there.");
        else if (Wallet.Currency != Wallet.AccountCurrency)
            Found(AuditCheck.Currency, 0,
                $"the wallet is in {Wallet.Currency} and its account in {Wallet.AccountCurrency}.");
        else if (Wallet.ProviderNo != Wallet.AccountProviderNo)
            Found(AuditCheck.Sequence, 0, "the wallet and its account belong to two providers.");
        if (anchor is { } kept && kept.Seq > seq)
            Found(AuditCheck.Anchor, kept.Seq, $"the anchor saw entry {kept.Seq} and the last one is {seq}.");
    }

    void CompareSums()
    {
        var month = new LocalDate(1970, 1, 1).PlusDays(Wallet.Day);
        var all = Wallet.Today;
        var ofMonth = Wallet.Today.SpentMicros;
        foreach (var (day, sum) in FormerDays)
        {
            all += sum;
            var date = new LocalDate(1970, 1, 1).PlusDays(day);
            if ((date.Year, date.Month) == (month.Year, month.Month)) ofMonth = unchecked(ofMonth + sum.SpentMicros);
        }
        if (all != spending.Total)
        {
            Found(AuditCheck.Sums, 0,
                $"its days say {all.Calls} calls and {all.SpentMicros} micros spent; "
                + $"its entries say {spending.Total.Calls} and {spending.Total.SpentMicros}.");
            return;
        }
        if (ofMonth != Wallet.MonthSpentMicros)
            Found(AuditCheck.Sums, 0,
                $"the wallet says {Wallet.MonthSpentMicros} micros spent this month and its days {ofMonth}.");
        if (spending.DaysKnown) CompareDays();
    }

    void CompareDays()
    {
        var said = new SortedDictionary<int, DaySum>(FormerDays);
        if (Wallet.Today != default) said[Wallet.Day] = said.GetValueOrDefault(Wallet.Day) + Wallet.Today;
        foreach (var (day, sum) in spending.Days())
        {
            if (said.GetValueOrDefault(day) == sum) continue;
            var date = new LocalDate(1970, 1, 1).PlusDays(day);
            Found(AuditCheck.Sums, 0,
                $"{date:uuuu'-'MM'-'dd} says {said.GetValueOrDefault(day).SpentMicros} micros spent "
                + $"and the entries of that day {sum.SpentMicros}.");
            return;
        }
    }

    void CompareChannels()
    {
        if (!Wallet.IsFirst) return;
        IReadOnlyList<LineCount> lines;
        try
        {
            lines = LineUse.Read(Wallet.LineUse);
        }
        catch (Exception exception)
            when (exception is FormatException or InvalidOperationException or OverflowException)
        {
            Found(AuditCheck.Channels, 0, "its channel counts cannot be read.");
            return;
        }
        foreach (var line in lines)
        {
            var up = UpAtSwitch.GetValueOrDefault(line.SwitchNo);
            UpAtSwitch.Remove(line.SwitchNo);
            if (up != line.Active) Differ(line.SwitchNo, line.Active, up);
        }
        foreach (var (switchNo, up) in UpAtSwitch) Differ(switchNo, 0, up);

        void Differ(int switchNo, int counted, int up) => Found(AuditCheck.Channels, 0,
            $"{counted} channels are counted at switch {switchNo} and {up} calls are up there.");
    }

    void Found(AuditCheck check, long place, string sentence) =>
        found(new AuditFinding(check, Wallet.No, place, sentence));
}
