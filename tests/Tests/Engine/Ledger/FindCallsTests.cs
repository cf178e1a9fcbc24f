using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine.Charging;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

public sealed class FindCallsTests
{
    static readonly DateTimeZone Eastern = DateTimeZoneProviders.Tzdb["America/New_York"];
    static readonly FindLimits Small = new(Page: 5, Looked: 14, Summed: 30, Duration.FromSeconds(10));

    readonly MovableClock clock = new(Instant.FromUtc(2026, 3, 20, 15, 0));

    LocalDate Today => clock.Now.InZone(Eastern).Date;

    /// <summary>
    /// Random calls of two wallets, many of them recorded in one moment, and random filters; the model looks at every
    /// call in memory.
    /// </summary>
    [BothDatabases]
    public async Task R25_Every_call_that_fits_is_on_exactly_one_page_newest_first_and_the_sums_are_theirs(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock, "wholesale-usd");
        var find = new FindCalls(test.Database, clock, Small);
        for (var round = 0; round < 12; round++)
        {
            var seed = Random.Shared.Next();
            var random = new Random(seed);
            var account = await desk.AccountNo(await desk.Account());
            var wallets = await WalletStore.Of(test.Database, account, CancellationToken.None);
            var calls = SomeCalls(random, wallets);
            await WrittenCalls.Write(test.Database, calls);
            for (var i = 0; i < 8; i++)
            {
                var filter = SomeFilter(random);
                var expected = calls.Where(call => Fits(call, filter)).ToList();
                var what = $"seed {seed}, {filter}";
                await ComparePages(find, account, filter, expected, what);
                await CompareAllTotals(find, account, filter, expected, what);
            }
        }
    }

    async Task ComparePages(
        FindCalls find, long account, CallFilter filter, List<WrittenCall> expected, string what)
    {
        var shown = new List<ListedCall>();
        CallCursor? from = null;
        do
        {
            var found = (await find.Find(account, filter, Eastern, from, CancellationToken.None)).Value;
            CompareTotals(found.Totals, expected, what);
            var page = found.Page;
            Assert.True(page.Calls.Count <= Small.Page, what);
            shown.AddRange(page.Calls);
            if (page.LookedBackTo is { } lookedBack)
            {
                Assert.NotNull(page.Older);
                Assert.Equal(expected.Count(call => call.RecordedAt > lookedBack),
                    shown.Count(call => call.RecordedAt > lookedBack));
            }
            // Every page gets somewhere.
            Assert.NotEqual(from?.Text, page.Older?.Text ?? "");
            from = page.Older is { } older ? CallCursor.Parse(older.Text) : null;
        }
        while (from is not null);
        Assert.True(
            expected.Select(call => (call.WalletNo, call.N)).Order()
                .SequenceEqual(shown.Select(call => (call.WalletNo, call.N)).Order()), what);
        Assert.True(shown.Zip(shown.Skip(1)).All(pair => pair.First.RecordedAt >= pair.Second.RecordedAt), what);

        var all = new List<ListedCall>();
        using (var file = find.File(account, filter, Eastern).Value)
        {
            await foreach (var page in file.Pages(CancellationToken.None)) all.AddRange(page);
        }
        Assert.True(
            shown.Select(call => (call.WalletNo, call.N)).Order()
                .SequenceEqual(all.Select(call => (call.WalletNo, call.N)).Order()), what);
    }

    static async Task CompareAllTotals(
        FindCalls find, long account, CallFilter filter, List<WrittenCall> expected, string what)
    {
        var all = (await find.AllTotals(account, filter, Eastern, CancellationToken.None)).Value;
        Assert.True(all.Count is not null && all.Sums is not null, what);
        CompareTotals(all, expected, what);
    }

    static void CompareTotals(CallTotals totals, List<WrittenCall> expected, string what)
    {
        var sums = new CallSums(
            expected.Sum(call => (long)call.Seconds), expected.Sum(call => (long)call.Seconds),
            expected.Sum(call => call.ChargeMicros), expected.Sum(call => call.TaxMicros), TakenBackMicros: 0);
        Assert.True(totals.Sums is null || totals.Sums == sums, what);
        Assert.True(totals.Count is null || totals.Count == expected.Count, what);
        Assert.True(totals.InDates > Small.Summed || totals.Sums is not null, what);
    }

    [BothDatabases]
    public async Task New_calls_do_not_move_the_pages_that_follow(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account());
        var wallet = (await WalletStore.Of(test.Database, account, CancellationToken.None))[0].No;
        await WrittenCalls.Write(test.Database, Numbered(wallet, 1, 12));
        var find = new FindCalls(test.Database, clock, Small);
        var filter = new CallFilter(Today.PlusDays(-10), Today);
        var first = (await find.Find(account, filter, Eastern, null, CancellationToken.None)).Value;
        await WrittenCalls.Write(test.Database, Numbered(wallet, 13, 20));
        var second = (await find.Find(account, filter, Eastern, first.Page.Older, CancellationToken.None)).Value;
        Assert.Equal(
            [12, 11, 10, 9, 8, 7, 6, 5, 4, 3],
            first.Page.Calls.Concat(second.Page.Calls).Select(call => call.N));
        var third = (await find.Find(account, filter, Eastern, second.Page.Older, CancellationToken.None)).Value;
        Assert.Equal([2, 1], third.Page.Calls.Select(call => call.N));
        Assert.Null(third.Page.Older);
    }

    [BothDatabases]
    public async Task A_place_of_another_account_or_beyond_the_calls_shows_the_own_calls_alone(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account());
        var wallet = (await WalletStore.Of(test.Database, account, CancellationToken.None))[0].No;
        await WrittenCalls.Write(test.Database, Numbered(wallet, 1, 3));
        var find = new FindCalls(test.Database, clock, Small);
        var filter = new CallFilter(Today.PlusDays(-10), Today);
        var refused = await find.Find(account, filter, Eastern, new CallCursor([7, 7]), CancellationToken.None);
        Assert.Equal(Refusal.BadText, refused.Refused?.Refusal);
        var far = await find.Find(account, filter, Eastern, new CallCursor([long.MaxValue]), CancellationToken.None);
        Assert.Equal([3, 2, 1], far.Value.Page.Calls.Select(call => call.N));
        var zero = await find.Find(account, filter, Eastern, new CallCursor([0]), CancellationToken.None);
        Assert.Equal((0, null), (zero.Value.Page.Calls.Count, zero.Value.Page.Older));
        var nobody = await find.Find(4711, filter, Eastern, null, CancellationToken.None);
        Assert.Equal((0, null), (nobody.Value.Page.Calls.Count, nobody.Value.Page.Older));
        Assert.Equal(new CallTotals(0, 0, default(CallSums)), nobody.Value.Totals);
    }

    [BothDatabases]
    public async Task Signs_that_mean_something_to_the_database_are_only_text_in_a_search(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account());
        var wallet = (await WalletStore.Of(test.Database, account, CancellationToken.None))[0].No;
        string[] destinations = ["100% free", "a_b", @"back\slash", "Plain", "$1 a call?"];
        await WrittenCalls.Write(test.Database, [.. Numbered(wallet, 1, 5).Select((call, i) =>
            call with { Destination = destinations[i] })]);
        var find = new FindCalls(test.Database, clock);
        foreach (var (typed, found) in new[]
        {
            ("100%", "100% free"), ("_", "a_b"), (@"\", @"back\slash"), ("PLAIN", "Plain"), ("$1", "$1 a call?"),
        })
        {
            var page = await find.Find(
                account, new CallFilter(Today, Today, Destination: typed), Eastern, null, CancellationToken.None);
            Assert.Equal(found, Assert.Single(page.Value.Page.Calls).Destination);
        }
    }

    [BothDatabases]
    public async Task One_adding_up_of_everything_goes_on_for_an_account_at_a_time(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account());
        var find = new FindCalls(test.Database, clock);
        var filter = new CallFilter(Today, Today);
        var both = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Task.Run(() => find.AllTotals(account, filter, Eastern, CancellationToken.None))));
        Assert.All(both, one => Assert.True(one.Accepted || one.Refused!.Refusal == Refusal.Busy));
        Assert.Contains(both, one => one.Accepted);
        Assert.True((await find.AllTotals(account, filter, Eastern, CancellationToken.None)).Accepted);
        var hasty = new FindCalls(test.Database, clock, FindLimits.Usual with { SumsTime = Duration.Zero });
        var refused = await hasty.AllTotals(account, filter, Eastern, CancellationToken.None);
        Assert.Equal(Refusal.TooManyCalls, refused.Refused?.Refusal);
    }

    [BothDatabases]
    public async Task A_charge_that_was_taken_back_says_so_and_the_totals_come_to_what_was_paid(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var account = await books.Desk.AccountNo(books.Prepaid);
        var find = new FindCalls(books.Test.Database, books.Desk.Clock);
        var today = books.Desk.Clock.GetCurrentInstant().InZone(Eastern).Date;
        var filter = new CallFilter(today.PlusDays(-1), today);
        var (page, totals) = (await find.Find(account, filter, Eastern, null, CancellationToken.None)).Value;
        Assert.Equal(100_000, Assert.Single(page.Calls, call => call.TakenBack).TotalMicros);
        Assert.Equal(100_000, totals.Sums!.Value.TakenBackMicros);
        Assert.Equal(
            page.Calls.Where(call => !call.TakenBack).Sum(call => call.TotalMicros), totals.Sums.Value.TotalMicros);
        var none = (await find.Find(
            account, filter with { Direction = Directions.Inbound }, Eastern, null, CancellationToken.None)).Value;
        Assert.Equal(0, none.Totals.Sums!.Value.TakenBackMicros);
    }

    [BothDatabases]
    public async Task One_file_of_an_account_is_written_at_a_time_and_not_too_many_altogether(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var find = new FindCalls(test.Database, clock);
        var filter = new CallFilter(Today, Today);
        var first = find.File(1, filter, Eastern).Value;
        Assert.Equal(Refusal.Busy, find.File(1, filter, Eastern).Refused?.Refusal);
        for (var account = 2; account <= 100; account++) Assert.True(find.File(account, filter, Eastern).Accepted);
        Assert.Equal(Refusal.Busy, find.File(101, filter, Eastern).Refused?.Refusal);
        first.Dispose();
        first.Dispose();
        using var last = find.File(101, filter, Eastern).Value;
        Assert.Equal(Refusal.Busy, find.File(1, filter, Eastern).Refused?.Refusal);
    }

    List<WrittenCall> Numbered(long wallet, int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(n =>
            new WrittenCall(wallet, n, clock.Now - Duration.FromMinutes(60 - n)))];

    /// <summary>Over a hundred days around a change of the clocks, in moments that wallets share.</summary>
    List<WrittenCall> SomeCalls(Random random, IReadOnlyList<WalletState> wallets)
    {
        var at = clock.Now - Duration.FromDays(100);
        var calls = new List<WrittenCall>();
        var n = wallets.ToDictionary(wallet => wallet.No, _ => 0L);
        for (var i = random.Next(0, 160); i > 0; i--)
        {
            if (random.Next(3) > 0) at += Duration.FromMinutes(random.Next(1, 2_000));
            if (at > clock.Now) break;
            var wallet = wallets[random.Next(wallets.Count)];
            calls.Add(new WrittenCall(
                wallet.No, ++n[wallet.No], at, WalletName.Pays(wallet.Name),
                random.Next(2) == 0 ? "+12125550100" : "+15145550199",
                random.Next(2) == 0 ? "+442079460018" : "+14165550100",
                random.Next(2) == 0 ? "United Kingdom" : "Canada - Toronto",
                (Disposition)random.Next(1, 4), random.Next(0, 300), random.Next(0, 90_000), random.Next(0, 900)));
        }
        return calls;
    }

    CallFilter SomeFilter(Random random)
    {
        var from = Today.PlusDays(-random.Next(0, 95));
        return new CallFilter(
            from, from.PlusDays(random.Next(0, 100)),
            random.Next(3) == 0 ? (Directions)random.Next(1, 3) : null,
            random.Next(4) == 0 ? [random.Next(2) == 0 ? "+1514" : "+44", "*97"] : null,
            random.Next(4) == 0 ? "kingDOM" : null,
            random.Next(4) == 0 ? (Disposition)random.Next(1, 4) : null);
    }

    static bool Fits(WrittenCall call, CallFilter filter)
    {
        var date = call.RecordedAt.InZone(Eastern).Date;
        return date >= filter.From && date <= filter.To
            && (filter.Direction is null || call.Direction == filter.Direction)
            && (filter.Disposition is null || call.Disposition == filter.Disposition)
            && (filter.NumberStarts is null || filter.NumberStarts.Any(start =>
                call.From.StartsWith(start, StringComparison.Ordinal)
                || call.To.StartsWith(start, StringComparison.Ordinal)))
            && (filter.Destination is null
                || call.Destination.Contains(filter.Destination, StringComparison.OrdinalIgnoreCase));
    }
}
