using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Charging;

/// <summary>
/// R65, R66: every customer on a deck is told of its new version once: from when, which of the destinations called in
/// the last ninety days get dearer or cheaper, and the whole deck as a file. Broken off, it begins anew and tells
/// nobody twice.
/// </summary>
public sealed class TellOfDeck(Database database, IClock clock)
{
    static readonly Duration Lately = Duration.FromDays(90);
    const int AccountsAtOnce = 200;

    /// <summary>Mail servers refuse more; who wants the whole deck then finds it in the portal.</summary>
    const int MostFileBytes = 5_000_000;

    public async Task<JobDone> Run(int providerNo, string id, Action<long, long> progress, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var draft = (await DeckDraftStore.Find(connection, providerNo, id)).Value;
        Demand.That(draft is { State: DraftState.Activated, DeckVersion: not null }, "a deck that is told of is one");
        var (version, from) = (draft.DeckVersion.Value, draft.EffectiveFrom!.Value);
        var deck = (await DeckStore.Find(connection, null, draft.DeckNo)).Value;
        var before = await DeckBefore.Read(connection, deck.No, version, from, ct);
        // Nobody was charged by a deck that had no prices.
        if (before is null)
        {
            await SaveTold(draft, 0);
            return JobDone.Of("the deck's first version");
        }
        var saved = (await DeckStore.VersionsOf(connection, deck.No)).First(each => each.Version.Version == version);
        var after = RateDeck.Build(
            deck.No, version, deck.Currency, saved.Version.Rounding,
            await RateStore.Read(connection, saved.Version, ct));
        var fileNo = await FileNo(draft, deck, ct);
        var all = await DeckTrafficStore.AccountCount(connection, deck.No, ct);
        var (told, last, now) = (0, 0L, clock.GetCurrentInstant().CutToMicros());
        while (await DeckTrafficStore.Accounts(connection, deck.No, last, AccountsAtOnce, ct) is { Count: > 0 } some)
        {
            var moves = new RateMoves(before, after, from);
            await foreach (var call in DeckTrafficStore.Calls(
                connection, deck.No, some[0], some[^1], now - Lately, now, ct)) moves.Add(call);
            var notices = some.Select(account => new Notice(
                providerNo, account, null, moves.Notice(account, deck, draft.Counts.Changed), fileNo,
                $"rates {draft.Id.Text} {account}")).ToList();
            await Write(notices, now, ct);
            (told, last) = (told + some.Count, some[^1]);
            progress(told, all);
        }
        await SaveTold(draft, told);
        return JobDone.Of($"{told} customers");
    }

    Task<bool> SaveTold(DeckDraft draft, int told) => database.InTransaction<bool>(async (connection, transaction) =>
    {
        await DeckDraftStore.SaveTold(connection, transaction, draft.No, told);
        return true;
    });

    Task<bool> Write(IReadOnlyList<Notice> notices, Instant now, CancellationToken ct) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                await NoticeStore.Insert(connection, transaction, notices, now);
                return true;
            },
            ct);

    /// <summary>The deck as it was uploaded, once for all notices; none where it is too large for a mail.</summary>
    async Task<long?> FileNo(DeckDraft draft, Deck deck, CancellationToken ct)
    {
        if (draft.NoticeFileNo is { } known) return known;
        byte[] file;
        await using (var connection = await database.Connect(ct))
            file = DraftFile.Unpack(await DeckDraftStore.File(connection, draft.No));
        if (file.Length > MostFileBytes) return null;
        return await database.InTransaction<long?>(
            async (connection, transaction) => await KeepFile(connection, transaction, draft, deck, file), ct);
    }

    async Task<long> KeepFile(
        DbConnection connection, DbTransaction transaction, DeckDraft draft, Deck deck, byte[] file)
    {
        var no = await NoticeStore.InsertFile(
            connection, transaction, draft.ProviderNo, $"rates-{deck.Id.Text}-{draft.DeckVersion}.csv", "text/csv",
            file, clock.GetCurrentInstant());
        await DeckDraftStore.SaveNoticeFile(connection, transaction, draft.No, no);
        return no;
    }
}

/// <summary>Which of the destinations that customers called cost them more or less from a date on.</summary>
sealed class RateMoves(RateDeck before, RateDeck after, Instant from)
{
    readonly Dictionary<long, Dictionary<string, (RateMove Move, long Seconds)>> ofAccount = [];

    public void Add(in TrafficCall call)
    {
        var column = call.Jurisdiction.Column;
        var was = RateOf(before, call.Digits);
        var becomes = RateOf(after, call.Digits);
        if ((was is null && becomes is null) || (was is { } one && becomes is { } other && !Differ(one, other))) return;
        var shown = becomes ?? was!.Value;
        if (!ofAccount.TryGetValue(call.AccountNo, out var moves))
            ofAccount.Add(call.AccountNo, moves = new(StringComparer.Ordinal));
        var key = $"{shown.Prefix} {(int)column}";
        var seconds = moves.TryGetValue(key, out var known) ? known.Seconds : 0;
        moves[key] = (
            new RateMove(
                shown.Destination, shown.Prefix, was?.In(column).E8, becomes?.In(column).E8, from.ToMicros()),
            seconds + call.Seconds);
    }

    public RatesChangeNotice Notice(long accountNo, Deck deck, int totalMoves)
    {
        var moves = ofAccount.TryGetValue(accountNo, out var theirs)
            ? theirs.Values.OrderByDescending(each => each.Seconds).ThenBy(each => each.Move.Prefix).ToList()
            : [];
        var shown = moves.Take(RatesChangeNotice.MostMoves).Select(each => each.Move).ToList();
        return new RatesChangeNotice(
            deck.Name, deck.Currency.Code, from.ToMicros(), shown, moves.Count - shown.Count, totalMoves);
    }

    Rate? RateOf(RateDeck deck, ReadOnlySpan<char> digits) =>
        deck.Find(digits, from) is { Accepted: true, Value: var match } ? match.Rate : null;

    static bool Differ(in Rate one, in Rate other) =>
        DeckDifference.IsDearer(one, other) || DeckDifference.IsDearer(other, one);
}
