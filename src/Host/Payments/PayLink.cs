using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.Payments;

/// <summary>
/// The link by which one deposit is paid without signing in: it names the document, when it ends, and proves both.
/// Nothing of it is kept, so that no copy of the database opens it.
/// </summary>
static class PayLink
{
    public static readonly Duration GoodFor = Duration.FromDays(30);

    const string Purpose = "pay-link";

    public static string PathOf(KeyFile keyFile, string depositId, Instant until)
    {
        var seconds = until.ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/pay/{depositId}?until={seconds}&key={Proof(keyFile, depositId, seconds)}");
    }

    /// <summary>Whether the link is one of ours, and not over.</summary>
    public static bool IsGood(KeyFile keyFile, string depositId, string? until, string? key, Instant now) =>
        long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && key is { Length: 64 }
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(key),
            Encoding.ASCII.GetBytes(Proof(keyFile, depositId, seconds)))
        && seconds > now.ToUnixTimeSeconds();

    static string Proof(KeyFile keyFile, string depositId, long seconds) => Convert.ToHexStringLower(
        keyFile.Mac(Purpose, $"{depositId} {seconds.ToString(CultureInfo.InvariantCulture)}"));
}
