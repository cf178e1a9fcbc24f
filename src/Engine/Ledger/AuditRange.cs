using NodaTime;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Audits wallets of one range after the other, each range in one snapshot of its own: wallets with their holds, days
/// and floors first, then page by page entries, their postings, their calls.
/// </summary>
sealed class AuditRange(
    AuditStore store, AuditFindings found, CallKeysSeen keys, Func<int, DateTimeZone?> zoneOf, AuditAnchor anchor,
    AuditCounts counts)
{
    readonly Dictionary<long, WalletAudit> wallets = [];
    readonly AuditedEntries page = new();
    readonly List<(long WalletNo, AnchoredWallet Last)> anchored = [];
    long holds;
    long postings;

    /// <summary>Where each wallet with entries stood, in the order of their numbers within a range.</summary>
    public IReadOnlyList<(long WalletNo, AnchoredWallet Last)> Anchored => anchored;

    public void Run(WalletRange range)
    {
        wallets.Clear();
        (holds, postings) = (0, 0);
        store.Begin();
        ReadWallets(range);
        ReadFloors(range);
        ReadDays(range);
        ReadHolds(range);
        var calls = new AuditCalls(store, wallets, keys, found);
        var entries = ReadPages(range, calls);
        store.End();
        foreach (var wallet in wallets.Values)
        {
            wallet.Finish();
            if (wallet.Wallet.Seq > 0)
                anchored.Add((wallet.Wallet.No, new AnchoredWallet(wallet.Wallet.Seq, wallet.FormerHash)));
        }
        foreach (var missing in anchor.Missing(range, wallets.ContainsKey))
            found.Add(new AuditFinding(AuditCheck.Anchor, missing, 0, "the anchor saw this wallet and it is gone."));
        counts.Add(wallets.Count, entries, postings, calls.Count, holds);
    }

    void ReadWallets(WalletRange range)
    {
        using var rows = store.Wallets(range);
        while (rows.Next())
        {
            var no = rows.Long();
            var wallet = new AuditedWallet
            {
                No = no,
                AccountNo = rows.Long(),
                ProviderNo = rows.Int(),
                Currency = rows.Text(),
                LedgerCode = rows.Text(),
                BalanceMicros = rows.Long(),
                HeldMicros = rows.Long(),
                Seq = rows.Long(),
                Calls = rows.Long(),
                Chain = rows.Bytes().ToArray(),
                LineUse = rows.Text(),
                Day = rows.Int(),
                Today = new DaySum(rows.Long(), rows.Long()),
                MonthSpentMicros = rows.Long(),
                AccountCurrency = rows.TextOrNull(),
                AccountProviderNo = (int?)rows.LongOrNull(),
                IsFirst = rows.Long() == no,
            };
            wallets.Add(no, new WalletAudit(wallet, zoneOf(wallet.ProviderNo), anchor.Of(no), found.Add));
        }
    }

    void ReadFloors(WalletRange range)
    {
        var floors = new Dictionary<long, List<RecordedFloor>>();
        using (var rows = store.Floors(range))
        {
            while (rows.Next())
            {
                var no = rows.Long();
                var step = new FloorRecord(
                    Instants.FromMicros(rows.Long()), Instants.FromMicros(rows.LongOrNull()), rows.Long());
                if (!floors.TryGetValue(no, out var ofWallet)) floors.Add(no, ofWallet = []);
                ofWallet.Add(new RecordedFloor(step, Instants.FromMicros(rows.Long())));
            }
        }
        foreach (var (no, ofWallet) in floors)
            if (Known(no, AuditCheck.Floor, "a floor")) wallets[no].Follow(ofWallet);
    }

    void ReadDays(WalletRange range)
    {
        using var rows = store.Days(range);
        while (rows.Next())
        {
            var no = rows.Long();
            if (Known(no, AuditCheck.Sums, "a day's sum"))
                wallets[no].FormerDays.Add(rows.Int(), new DaySum(rows.Long(), rows.Long()));
        }
    }

    void ReadHolds(WalletRange range)
    {
        var firsts = wallets.Values.Where(wallet => wallet.Wallet.IsFirst)
            .ToDictionary(wallet => wallet.Wallet.AccountNo);
        using var rows = store.Holds(range);
        while (rows.Next())
        {
            holds++;
            var (walletNo, accountNo, switchNo) = (rows.Long(), rows.Long(), rows.Int());
            var (billable, held, expired) = (rows.YesNo(), rows.Long(), rows.YesNo());
            var inRange = walletNo > range.After && walletNo <= range.UpTo;
            if (inRange && Known(walletNo, AuditCheck.Held, "a hold"))
            {
                var wallet = wallets[walletNo];
                if (wallet.Wallet.AccountNo != accountNo)
                    found.Add(new AuditFinding(AuditCheck.Held, walletNo, 0, "a hold on it names another account."));
                if (!expired) wallet.OpenHoldsMicros = unchecked(wallet.OpenHoldsMicros + held);
                if (HoldPricedAgain(rows.Bytes(), billable, expired, held) is { } difference)
                    found.Add(new AuditFinding(AuditCheck.Held, walletNo, 0, difference));
            }
            if (!expired && billable && firsts.TryGetValue(accountNo, out var first))
                first.UpAtSwitch[switchNo] = first.UpAtSwitch.GetValueOrDefault(switchNo) + 1;
        }
    }

    static string? HoldPricedAgain(ReadOnlySpan<byte> details, bool billable, bool expired, long held)
    {
        try
        {
            var hold = HoldDetails.Read(default, 0, 0, 0, "", billable, default, null, held, details.ToArray());
            return PricedAgain.Difference(held, billable && !expired, hold.GrantedSeconds, hold.Terms);
        }
        catch (InvalidOperationException)
        {
            return "what a hold grants cannot be read.";
        }
    }

    long ReadPages(WalletRange range, AuditCalls calls)
    {
        var after = new BookPlace(range.After, long.MaxValue);
        var count = 0L;
        while (true)
        {
            page.Read(store.Entries(after, range.UpTo));
            count += page.Count;
            var last = page.Count < AuditStore.EntriesOfPage;
            var upTo = last ? new BookPlace(range.UpTo, long.MaxValue) : page.LastPlace;
            ReadPostings(after, upTo);
            calls.Read(page, last ? upTo : null, range);
            if (last) return count;
            after = upTo;
        }
    }

    /// <summary>Postings come in the order of their entries; each entry is judged when its last one was seen.</summary>
    void ReadPostings(BookPlace after, BookPlace upTo)
    {
        using var rows = store.Postings(after, upTo);
        var canonical = new CanonicalBytes(stackalloc byte[512]);
        Span<byte> computed = stackalloc byte[EntryChain.HashBytes];
        var posting = NextPosting(rows);
        for (var i = 0; i < page.Count; i++)
        {
            ref readonly var entry = ref page.Entry(i);
            var place = new BookPlace(entry.WalletNo, entry.Seq);
            while (posting is { } orphan && IsBefore(orphan, place))
            {
                LonelyPosting(orphan);
                posting = NextPosting(rows);
            }
            if (!Known(entry.WalletNo, AuditCheck.Sequence, "an entry")) continue;
            var wallet = wallets[entry.WalletNo];
            canonical.AddHead(wallet.FormerHash, entry);
            if (page.HasReference(i)) canonical.AddText(page.Reference(i));
            else canonical.AddNoText();
            canonical.Add(entry.ReversesSeq);
            var posted = 0L;
            while (posting == place)
            {
                posted = unchecked(posted + Add(rows, wallet, entry, ref canonical));
                posting = NextPosting(rows);
            }
            System.Security.Cryptography.SHA256.HashData(canonical.Written, computed);
            wallet.Entry(entry, posted, page.Hash(i), computed);
        }
        for (; posting is { } orphan; posting = NextPosting(rows)) LonelyPosting(orphan);
    }

    BookPlace? NextPosting(SnapshotRows rows)
    {
        if (!rows.Next()) return null;
        postings++;
        return new BookPlace(rows.Long(), rows.Long());
    }

    /// <summary>What the posting does to the wallet; one with both or no side in it does nothing.</summary>
    long Add(SnapshotRows rows, WalletAudit wallet, in EntryNumbers entry, ref CanonicalBytes canonical)
    {
        var debit = rows.Bytes();
        canonical.AddText(debit);
        var debited = debit.SequenceEqual(wallet.LedgerCodeUtf8);
        var credit = rows.Bytes();
        canonical.AddText(credit);
        var credited = credit.SequenceEqual(wallet.LedgerCodeUtf8);
        var amount = rows.Long();
        canonical.Add(amount);
        if (debited == credited || amount <= 0)
            found.Add(new AuditFinding(AuditCheck.Posting, entry.WalletNo, entry.Seq,
                $"a posting of entry {entry.Seq} does not move a positive amount into or out of the wallet."));
        return debited == credited ? 0 : credited ? amount : unchecked(-amount);
    }

    void LonelyPosting(BookPlace place) => found.Add(new AuditFinding(
        AuditCheck.Posting, place.WalletNo, place.N, $"a posting belongs to entry {place.N}, which is not there."));

    bool Known(long walletNo, AuditCheck check, string what)
    {
        if (wallets.ContainsKey(walletNo)) return true;
        found.Add(new AuditFinding(check, walletNo, 0, $"{what} belongs to this wallet, which is not there."));
        return false;
    }

    static bool IsBefore(BookPlace left, BookPlace right) =>
        (left.WalletNo, left.N).CompareTo((right.WalletNo, right.N)) < 0;
}
