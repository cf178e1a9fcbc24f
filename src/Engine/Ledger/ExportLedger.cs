using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

public enum ExportFormat
{
    /// <summary>A journal that <c>hledger</c> and <c>ledger</c> read alike.</summary>
    Hledger,

    /// <summary>One line for each posting.</summary>
    Csv,
}

/// <summary>How much was written.</summary>
public readonly record struct ExportCounts(long Wallets, long Entries, long Postings);

/// <summary>
/// Writes down all books, wallet by wallet in short snapshots, so that an independent program can add them up. What is
/// posted meanwhile to a wallet that was written already is not in it.
/// </summary>
public sealed class ExportLedger(Database database)
{
    public async Task<ExportCounts> Write(Stream output, ExportFormat format, CancellationToken ct = default)
    {
        await using var store = await LedgerStore.Open(database, ct);
        var currencies = new List<string>();
        using (var rows = store.Currencies())
        {
            while (rows.Next()) currencies.Add(rows.Text());
        }
        await using var text = new StreamWriter(output, new System.Text.UTF8Encoding(false), 1 << 16, leaveOpen: true);
        text.NewLine = "\n";
        ILedgerWriter writer = format switch
        {
            ExportFormat.Hledger => new HledgerWriter(text),
            ExportFormat.Csv => new CsvLedgerWriter(text),
        };
        writer.Begin(currencies);
        var counts = default(ExportCounts);
        foreach (var range in store.Ranges())
        {
            ct.ThrowIfCancellationRequested();
            store.Begin();
            counts = Write(store, range, writer, counts);
            store.End();
        }
        await text.FlushAsync(ct);
        return counts;
    }

    static ExportCounts Write(LedgerStore store, WalletRange range, ILedgerWriter writer, ExportCounts counts)
    {
        var wallets = new Dictionary<long, LedgerWallet>();
        using (var rows = store.Wallets(range))
        {
            while (rows.Next())
            {
                var no = rows.Long();
                wallets.Add(no, new LedgerWallet(
                    no, rows.Text(), rows.Text(), rows.Text(), rows.Text(), rows.Long()));
            }
        }
        var (entries, postings) = (counts.Entries, counts.Postings);
        LedgerWallet? wallet = null;
        var entry = new List<LedgerPosting>();
        using (var rows = store.Postings(range))
        {
            while (rows.Next())
            {
                var posting = LedgerPosting.Read(rows);
                if (!wallets.TryGetValue(posting.WalletNo, out var its)) continue;
                if (its != wallet || posting.Seq != entry[0].Seq) Close();
                if (its != wallet)
                {
                    if (wallet is not null) writer.EndWallet(wallet);
                    writer.BeginWallet(its);
                    wallet = its;
                }
                entry.Add(posting);
            }
        }
        Close();
        if (wallet is not null) writer.EndWallet(wallet);
        return new ExportCounts(counts.Wallets + wallets.Count, entries, postings);

        void Close()
        {
            if (entry.Count == 0) return;
            writer.Write(wallet!, entry);
            entries++;
            postings += entry.Count;
            entry.Clear();
        }
    }
}

/// <summary>A wallet as an export names it.</summary>
sealed record LedgerWallet(
    long No, string AccountId, string Name, string Currency, string LedgerCode, long BalanceMicros);

/// <summary>A posting together with what its entry says.</summary>
readonly record struct LedgerPosting(
    long WalletNo, long Seq, EntryKind Kind, NodaTime.Instant OccurredAt, NodaTime.Instant RecordedAt, string Reference,
    long BalanceMicros, int N, string Debit, string Credit, long AmountMicros)
{
    public static LedgerPosting Read(SnapshotRows rows) => new(
        rows.Long(), rows.Long(), (EntryKind)rows.Int(), Instants.FromMicros(rows.Long()),
        Instants.FromMicros(rows.Long()), rows.TextOrNull() ?? "", rows.Long(), rows.Int(), rows.Text(), rows.Text(),
        rows.Long());
}

/// <summary>TAX-CA-14 as an export says it: <c>TAXED</c>, <c>EXEMPT</c>, <c>NONE</c>, or nothing.</summary>
static class TaxStatusName
{
    public static string Of(IReadOnlyList<LedgerPosting> entry) =>
        Of(CreditTax.Of(entry[0].Kind, entry.Any(posting => CreditTax.IsIn(posting.Credit))));

    public static string Of(CreditTaxStatus? status) => status?.ToString().ToUpperInvariant() ?? "";
}

/// <summary>One way to write the books down.</summary>
interface ILedgerWriter
{
    void Begin(IReadOnlyList<string> currencies);

    void BeginWallet(LedgerWallet wallet);

    /// <param name="entry">All postings of one entry, at least one.</param>
    void Write(LedgerWallet wallet, IReadOnlyList<LedgerPosting> entry);

    void EndWallet(LedgerWallet wallet);
}
