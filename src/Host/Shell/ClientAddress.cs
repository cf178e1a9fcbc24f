using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Tollkeeper.Host.Shell;

/// <summary>From where a request comes, as far as this program may believe it.</summary>
static class ClientAddress
{
    /// <summary>Providers give a home or an office a /56 at the least (RFC 6177).</summary>
    const int NetworkBytes = 7;

    public static string Of(HttpContext http) => Plain(http)?.ToString() ?? "";

    /// <summary>What tries are counted by: an IPv4 address, or the IPv6 network of one connection.</summary>
    public static string NetworkOf(HttpContext http)
    {
        if (Plain(http) is not { } address) return "";
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes).ToString();
    }

    static IPAddress? Plain(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
    }
}
