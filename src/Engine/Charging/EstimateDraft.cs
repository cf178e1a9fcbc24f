using NodaTime;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// What the calls of the last thirty days would have cost by a draft, before tax: each call that its deck priced is
/// priced once more, as it was kept, some accounts at a time.
/// </summary>
public sealed class EstimateDraft(Database database, IClock clock)
{
    public static readonly Duration Span = Duration.FromDays(30);

    const int AccountsAtOnce = 500;
    const int MostDestinations = 500;

    public async Task<JobDone> Run(
        int providerNo, string id, DateTimeZone zone, Action<long, long> progress, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var draft = (await DeckDraftStore.Find(connection, providerNo, id)).Value;
        if (draft.State is not (DraftState.Checked or DraftState.Asked)) return JobDone.Of("changed meanwhile");
        var file = await DeckDraftStore.File(connection, draft.No);
        var reading = DeckFile.Read(DraftFile.Open(file), draft.Options.Reading(zone));
        if (!reading.Accepted) return JobDone.Of("changed meanwhile");
        var deck = (await DeckStore.Find(connection, null, draft.DeckNo)).Value;
        var after = RateDeck.Build(deck.No, 0, deck.Currency, Rounding.Micros, reading.Rates);
        var now = clock.GetCurrentInstant().CutToMicros();
        var sums = new Sums(after, draft.EffectiveFrom ?? now + EffectiveDates.Notice);
        var all = await DeckTrafficStore.AccountCount(connection, deck.No, ct);
        var (seen, last) = (0L, 0L);
        while (await DeckTrafficStore.Accounts(connection, deck.No, last, AccountsAtOnce, ct) is { Count: > 0 } some)
        {
            await foreach (var call in DeckTrafficStore.Calls(
                connection, deck.No, some[0], some[^1], now - Span, now, ct)) sums.Add(call);
            (seen, last) = (seen + some.Count, some[^1]);
            progress(seen, all);
        }
        await Save(draft, sums, now, ct);
        return JobDone.Of($"{sums.Calls} calls of {seen} customers");
    }

    async Task Save(DeckDraft draft, Sums sums, Instant now, CancellationToken ct)
    {
        await DraftLinesStore.ReplaceEffect(database, draft.No, DraftLinesStore.Customers, sums.Customers, ct);
        await DraftLinesStore.ReplaceEffect(
            database, draft.No, DraftLinesStore.Destinations, [.. sums.Destinations.Take(MostDestinations)], ct);
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await DeckDraftStore.SaveEffect(connection, transaction, draft.No, new DraftEffect(
                    now - Span, now, sums.Calls, sums.Unrated, sums.Before, sums.After));
                return true;
            },
            ct);
    }

    /// <summary>Before and after, in all, by customer and by destination.</summary>
    sealed class Sums(RateDeck after, Instant at)
    {
        readonly Dictionary<long, (long Calls, long Before, long After)> customers = [];
        readonly Dictionary<string, (long Calls, long Before, long After)> destinations =
            new(StringComparer.Ordinal);

        public long Calls { get; private set; }
        public long Unrated { get; private set; }
        public long Before { get; private set; }
        public long After { get; private set; }

        public IReadOnlyList<(long? AccountNo, string Name, long Calls, long Before, long After)> Customers =>
            [.. customers.Select(each => ((long?)each.Key, "", each.Value.Calls, each.Value.Before, each.Value.After))
                .OrderByDescending(Change).ThenBy(each => each.Item1)];

        public IEnumerable<(long? AccountNo, string Name, long Calls, long Before, long After)> Destinations =>
            destinations.Select(each => ((long?)null, each.Key, each.Value.Calls, each.Value.Before, each.Value.After))
                .OrderByDescending(Change).ThenBy(each => each.Key, StringComparer.Ordinal);

        public void Add(in TrafficCall call)
        {
            if (call.PriceBy(after, at) is not { } price)
            {
                Unrated++;
                return;
            }
            Calls++;
            Before = checked(Before + call.ChargeMicros);
            After = checked(After + price);
            Add(customers, call.AccountNo, call.ChargeMicros, price);
            Add(destinations, call.Destination, call.ChargeMicros, price);
        }

        static void Add<TKey>(
            Dictionary<TKey, (long Calls, long Before, long After)> to, TKey key, long before, long after)
            where TKey : notnull
        {
            var (calls, was, becomes) = to.GetValueOrDefault(key);
            to[key] = (calls + 1, checked(was + before), checked(becomes + after));
        }

        static long Change((long? AccountNo, string Name, long Calls, long Before, long After) line) =>
            Math.Abs(line.After - line.Before);
    }
}
