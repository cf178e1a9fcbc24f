using System.Net;
using System.Net.Sockets;
using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>
/// From where somebody signs in, as far as an address tells: an IPv4 address, or the IPv6 network of one connection,
/// because the rest of those changes every day.
/// </summary>
public static class NetworkPlace
{
    /// <summary>Providers give a home or an office a /56 at the least (RFC 6177).</summary>
    const int NetworkBytes = 7;

    public static Duration RememberedFor { get; } = Duration.FromDays(90);

    /// <summary>Null for what is no address, such as that of a command.</summary>
    public static string? Of(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed)) return null;
        if (parsed.IsIPv4MappedToIPv6) parsed = parsed.MapToIPv4();
        if (parsed.AddressFamily != AddressFamily.InterNetworkV6) return parsed.ToString();
        var bytes = parsed.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return $"{new IPAddress(bytes)}/56";
    }
}
