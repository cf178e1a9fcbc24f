using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>A call by its key, and the entry that charged it.</summary>
static class ReceiptStore
{
    static readonly string CallOf = BookRows.Calls.Select + " where call_key = $1 and account_no = $2";

    static readonly string EntryAt = BookRows.Entries.Select + " where wallet_no = $1 and seq = $2";

    const string Postings =
        "select debit, credit, amount_micros from posting where wallet_no = $1 and seq = $2 order by n";

    const string HashAt = "select hash from entry where wallet_no = $1 and seq = $2";

    public static async Task<Call?> Call(Database database, CallKey key, long accountNo, CancellationToken ct)
    {
        Call? call = null;
        await database.Reads.Ask(
            new PageQuestion(CallOf, row => call = BookRows.ReadCall(ref row), key.Value, accountNo), ct);
        return call;
    }

    /// <summary>Null where a damaged book has no such entry; the former hash where it has none before it.</summary>
    public static async Task<(Entry? Entry, byte[]? FormerHash)> Entry(
        Database database, long walletNo, long seq, CancellationToken ct)
    {
        Entry? entry = null;
        var former = seq == 1 ? EntryChain.Start(walletNo) : null;
        var postings = new List<Posting>();
        await database.Reads.Ask(
            [
                new PageQuestion(EntryAt, row => entry = BookRows.ReadEntry(ref row), walletNo, seq),
                new PageQuestion(
                    Postings, row => postings.Add(new Posting(row.Text(), row.Text(), row.Long())), walletNo, seq),
                new PageQuestion(HashAt, row => former = row.Bytes(), walletNo, seq - 1),
            ],
            ct);
        return (entry is null ? null : entry with { Postings = postings }, former);
    }
}
