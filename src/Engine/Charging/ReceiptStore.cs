using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>A call by its key, and the entry that charged it.</summary>
static class ReceiptStore
{
    static readonly string CallOf =
        $"""
        select {BookRows.Calls.ColumnList}, (select d.name from deck d where d.no = deck_no),
          (select v.effective_from_at_micros from deck_version v where v.deck_no = call.deck_no
            and v.version = call.deck_version)
        from call where call_key = $1 and account_no = $2
        """;

    static readonly string EntryAt = BookRows.Entries.Select + " where wallet_no = $1 and seq = $2";

    const string Postings =
        "select debit, credit, amount_micros from posting where wallet_no = $1 and seq = $2 order by n";

    static readonly string ReversalOf = BookRows.Entries.Select
        + " where (wallet_no, seq) in (select k.wallet_no, k.seq from entry_key k where k.key = $1)";

    const string HashAt = "select hash from entry where wallet_no = $1 and seq = $2";

    public static async Task<(Call Call, string? DeckName, Instant? DeckFrom)?> Call(
        Database database, CallKey key, long accountNo, CancellationToken ct)
    {
        (Call, string?, Instant?)? call = null;
        await database.Reads.Ask(
            new PageQuestion(
                CallOf,
                row => call = (
                    BookRows.ReadCall(ref row), row.TextOrNull(), Instants.FromMicros(row.LongOrNull())),
                key.Value, accountNo),
            ct);
        return call;
    }

    public static async Task<bool> Exists(Database database, CallKey key, CancellationToken ct)
    {
        var found = false;
        await database.Reads.Ask(
            new PageQuestion("select 1 from call where call_key = $1 limit 1", _ => found = true, key.Value), ct);
        return found;
    }

    /// <summary>Null where a damaged book has no such entry; the former hash where it has none before it.</summary>
    public static async Task<(Entry? Entry, byte[]? FormerHash, Entry? Reversal)> Entry(
        Database database, int providerNo, EntryRef at, CancellationToken ct)
    {
        var (walletNo, seq) = (at.WalletNo, at.Seq);
        Entry? entry = null, reversal = null;
        var former = seq == 1 ? EntryChain.Start(walletNo) : null;
        var postings = new List<Posting>();
        await database.Reads.Ask(
            [
                new PageQuestion(EntryAt, row => entry = BookRows.ReadEntry(ref row), walletNo, seq),
                new PageQuestion(
                    Postings, row => postings.Add(new Posting(row.Text(), row.Text(), row.Long())), walletNo, seq),
                new PageQuestion(HashAt, row => former = row.Bytes(), walletNo, seq - 1),
                new PageQuestion(
                    ReversalOf, row => reversal = BookRows.ReadEntry(ref row),
                    ReverseEntry.KeyOf(providerNo, at).Value),
            ],
            ct);
        return (entry is null ? null : entry with { Postings = postings }, former, reversal);
    }
}
