using System.Globalization;

namespace Tollkeeper.Ledger;

/// <summary>
/// A move between two wallets of one account: an entry in each, which names the other by its wallet and number.
/// </summary>
public static class Transfer
{
    /// <summary>What it takes from the one wallet; micros.</summary>
    public static Posting Out(string walletCode, long micros) => new(walletCode, LedgerCode.BetweenWallets, micros);

    /// <summary>What it brings to the other.</summary>
    public static Posting In(string walletCode, long micros) => new(LedgerCode.BetweenWallets, walletCode, micros);

    /// <summary>The reference of the entry that lowers a balance.</summary>
    public static string NameOut(string otherWallet, long otherSeq) => Name("to", otherWallet, otherSeq);

    /// <summary>The reference of the entry that raises one.</summary>
    public static string NameIn(string otherWallet, long otherSeq) => Name("from", otherWallet, otherSeq);

    /// <summary>Those of one account's transfers that no other stands against.</summary>
    public static IEnumerable<TransferSide> Alone(IReadOnlyList<TransferSide> sides)
    {
        var named = sides.ToLookup(side => side.Reference, StringComparer.Ordinal);
        return sides.Where(side => !named[side.NameForOther].Any(other => other.NameForOther == side.Reference
            && other.AmountMicros == -side.AmountMicros && other.RecordedAtMicros == side.RecordedAtMicros));
    }

    static string Name(string way, string wallet, long seq) =>
        string.Create(CultureInfo.InvariantCulture, $"{way} {wallet}:{seq}");
}

/// <summary>One side as an audit sees it; micros, microseconds since 1970.</summary>
public sealed record TransferSide(
    long WalletNo, string Wallet, long Seq, long AmountMicros, long RecordedAtMicros, string Reference)
{
    /// <summary>What the entry on the other side must say.</summary>
    public string NameForOther =>
        AmountMicros < 0 ? Transfer.NameIn(Wallet, Seq) : Transfer.NameOut(Wallet, Seq);
}
