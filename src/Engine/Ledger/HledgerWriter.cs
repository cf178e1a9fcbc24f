using System.Globalization;
using System.Text;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// A journal in the words that <c>hledger</c> and <c>ledger</c> share: every commodity and account declared, a debit
/// positive, each wallet an account of its own below its ledger account, its balance asserted after its last entry.
/// The date is that of the record, which never goes back within a wallet; UTC.
/// </summary>
sealed class HledgerWriter(TextWriter text) : ILedgerWriter
{
    readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    string walletAccount = "";
    string lastDate = "";

    public void Begin(IReadOnlyList<string> currencies)
    {
        text.WriteLine("; The books of Tollkeeper. Amounts have six decimals, a debit is positive.");
        foreach (var currency in currencies)
        {
            text.WriteLine($"commodity {currency}");
            text.WriteLine($"    format 1000.000000 {currency}");
        }
        foreach (var code in LedgerCode.Names.Keys) NameOf(code);
    }

    public void BeginWallet(LedgerWallet wallet)
    {
        walletAccount = $"{NameOf(wallet.LedgerCode)}:{wallet.AccountId}:{wallet.Name}";
        Declare(walletAccount, wallet.LedgerCode);
    }

    public void Write(LedgerWallet wallet, IReadOnlyList<LedgerPosting> entry)
    {
        // What it needs declared stands before it.
        var sides = entry.Select(posting => (Side(posting.Debit), Side(posting.Credit), posting.AmountMicros)).ToList();
        lastDate = entry[0].RecordedAt.InUtc().Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        var what = $"{entry[0].Kind}: {Plain(entry[0].Reference)}".TrimEnd();
        var tax = TaxStatusName.Of(entry) is { Length: > 0 } status ? $"  ; tax:{status}" : "";
        text.WriteLine($"{lastDate} * ({entry[0].WalletNo}/{entry[0].Seq}) {what}{tax}");
        foreach (var (debit, credit, micros) in sides)
        {
            text.WriteLine($"    {debit}  {FixedPoint.Write(micros, 6)} {wallet.Currency}");
            text.WriteLine($"    {credit}  {FixedPoint.Write(-micros, 6)} {wallet.Currency}");
        }
        text.WriteLine();

        string Side(string code) => code == wallet.LedgerCode ? walletAccount : NameOf(code);
    }

    public void EndWallet(LedgerWallet wallet)
    {
        text.WriteLine($"{lastDate} * ({wallet.No}) balance of the wallet");
        text.WriteLine(
            $"    {walletAccount}  {FixedPoint.Write(0, 6)} {wallet.Currency} = "
            + $"{FixedPoint.Write(-wallet.BalanceMicros, 6)} {wallet.Currency}");
        text.WriteLine();
    }

    /// <summary>The name of a code; what is kept apart after a dash is an account of its own below it.</summary>
    string NameOf(string code)
    {
        if (names.TryGetValue(code, out var known)) return known;
        var dash = code.IndexOf('-');
        var root = dash < 0 ? code : code[..dash];
        var name = LedgerCode.Names.TryGetValue(root, out var named) ? named : $"Unknown:{Plain(root)}";
        if (dash >= 0) name += ":" + Plain(code[(dash + 1)..]);
        names.Add(code, name);
        Declare(name, code);
        return name;
    }

    void Declare(string name, string code)
    {
        text.WriteLine($"account {name}");
        text.WriteLine($"    note code {code}");
        text.WriteLine();
    }

    /// <summary>Without what would begin a comment, a new line or a new field.</summary>
    static string Plain(string value)
    {
        var plain = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            var kept = char.IsControl(c) || c is ';' or '|' or '"' ? ' ' : c;
            if (kept != ' ' || (plain.Length > 0 && plain[^1] != ' ')) plain.Append(kept);
        }
        return plain.ToString().TrimEnd();
    }
}
