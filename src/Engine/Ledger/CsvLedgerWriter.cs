using NodaTime.Text;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>One line for each posting, with its entry's and its wallet's names; amounts with six decimals.</summary>
sealed class CsvLedgerWriter(TextWriter text) : ILedgerWriter
{
    public void Begin(IReadOnlyList<string> currencies) => text.WriteLine(
        "account,wallet,wallet_no,seq,kind,occurred_at,recorded_at,reference,posting,debit,debit_name,credit,"
        + "credit_name,amount,currency,balance,tax_status");

    public void BeginWallet(LedgerWallet wallet)
    {
        // Every line names its wallet.
    }

    public void Write(LedgerWallet wallet, IReadOnlyList<LedgerPosting> entry)
    {
        foreach (var posting in entry) Write(wallet, posting, TaxStatusName.Of(entry));
    }

    void Write(LedgerWallet wallet, in LedgerPosting posting, string taxStatus) => text.WriteLine(string.Join(',',
        wallet.AccountId, wallet.Name, $"{wallet.No}", $"{posting.Seq}", $"{posting.Kind}",
        InstantPattern.ExtendedIso.Format(posting.OccurredAt), InstantPattern.ExtendedIso.Format(posting.RecordedAt),
        Field(posting.Reference), $"{posting.N}", Field(posting.Debit), Field(NameOf(posting.Debit)),
        Field(posting.Credit), Field(NameOf(posting.Credit)), FixedPoint.Write(posting.AmountMicros, 6),
        wallet.Currency, FixedPoint.Write(posting.BalanceMicros, 6),
        taxStatus));

    public void EndWallet(LedgerWallet wallet)
    {
        // Its balance stands on its last line.
    }

    static string NameOf(string code) => LedgerCode.Names.GetValueOrDefault(code.Split('-')[0], "");

    static string Field(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
