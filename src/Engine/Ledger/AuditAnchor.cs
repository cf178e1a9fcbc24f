using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// What an audit saw last of each wallet: the seq and hash of its last entry. Kept in a file on another machine, it
/// shows any later change of what is older, also one that mends all hashes. One wallet a line
/// (<c>wallet seq hash</c>), in order, and a last line with the SHA-256 of the lines before it.
/// </summary>
public sealed class AuditAnchor
{
    const string FirstLine = "tollkeeper anchor 1";

    readonly long[] wallets;
    readonly AnchoredWallet[] last;

    AuditAnchor(long[] wallets, AnchoredWallet[] last) => (this.wallets, this.last) = (wallets, last);

    /// <summary>Nothing was seen before.</summary>
    public static AuditAnchor None { get; } = new([], []);

    public int Count => wallets.Length;

    public static AuditAnchor Of(IEnumerable<(long WalletNo, AnchoredWallet Last)> seen)
    {
        var ordered = seen.OrderBy(each => each.WalletNo).ToList();
        return new AuditAnchor(
            [.. ordered.Select(each => each.WalletNo)], [.. ordered.Select(each => each.Last)]);
    }

    public AnchoredWallet? Of(long walletNo)
    {
        var at = Array.BinarySearch(wallets, walletNo);
        return at < 0 ? null : last[at];
    }

    /// <summary>Wallets of a range that it saw and that are not there.</summary>
    internal IEnumerable<long> Missing(WalletRange range, Func<long, bool> isThere)
    {
        var at = Array.BinarySearch(wallets, range.After);
        for (at = at < 0 ? ~at : at + 1; at < wallets.Length && wallets[at] <= range.UpTo; at++)
            if (!isThere(wallets[at])) yield return wallets[at];
    }

    /// <summary>
    /// The anchor of a file; none where there is no file yet. Refusal: <see cref="Refusal.FileUnreadable"/> where it is
    /// no anchor or was changed.
    /// </summary>
    public static Result<AuditAnchor> Read(string path)
    {
        if (!File.Exists(path)) return None;
        var wallets = new List<long>();
        var last = new List<AnchoredWallet>();
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var place = 0;
        foreach (var line in File.ReadLines(path))
        {
            place++;
            var fields = line.Split(' ');
            if (fields is ["sha256", var said])
            {
                var same = said == Convert.ToHexStringLower(sum.GetHashAndReset());
                return same ? new AuditAnchor([.. wallets], [.. last]) : Unreadable(path, "its checksum is wrong");
            }
            sum.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
            if (place == 1 && line == FirstLine) continue;
            if (place == 1 || !TryRead(fields, out var wallet, out var seen)
                || (wallets.Count > 0 && wallets[^1] >= wallet))
                return Unreadable(path, $"line {place}");
            wallets.Add(wallet);
            last.Add(seen);
        }
        return Unreadable(path, "it is cut off");
    }

    /// <summary>
    /// Writes beside the file and then takes its place, so that there is always a whole one; mode 0600.
    /// </summary>
    public void Write(string path)
    {
        var part = path + ".part";
        File.Delete(part);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(part, options))
        {
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Line(FirstLine);
            for (var i = 0; i < wallets.Length; i++)
                Line(string.Create(CultureInfo.InvariantCulture,
                    $"{wallets[i]} {last[i].Seq} {Convert.ToHexStringLower(last[i].Hash)}"));
            file.Write(Encoding.UTF8.GetBytes($"sha256 {Convert.ToHexStringLower(sum.GetHashAndReset())}\n"));
            file.Flush(flushToDisk: true);

            void Line(string text)
            {
                var bytes = Encoding.UTF8.GetBytes(text + "\n");
                sum.AppendData(bytes);
                file.Write(bytes);
            }
        }
        File.Move(part, path, overwrite: true);
    }

    static Refused Unreadable(string path, string why) =>
        new(Refusal.FileUnreadable, $"anchor {Path.GetFileName(path)}: {why}");

    static bool TryRead(string[] fields, out long wallet, out AnchoredWallet seen)
    {
        wallet = 0;
        seen = default;
        if (fields.Length != 3 || fields[2].Length != EntryChain.HashBytes * 2
            || !long.TryParse(fields[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out wallet)
            || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)) return false;
        var hash = new byte[EntryChain.HashBytes];
        var status = Convert.FromHexString(fields[2], hash, out _, out _);
        seen = new AnchoredWallet(seq, hash);
        return status == System.Buffers.OperationStatus.Done;
    }
}
