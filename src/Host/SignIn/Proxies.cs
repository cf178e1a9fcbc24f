using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// The machines in front of this program that say who asks and whether over TLS. Nobody else is believed, and the host
/// is never taken from such a header.
/// </summary>
static class Proxies
{
    /// <summary>Null where there are none. Refusal: <see cref="Refusal.SettingInvalid"/>.</summary>
    public static Result<ForwardedHeadersOptions?> Read(string? setting)
    {
        if (setting is null) return (Result<ForwardedHeadersOptions?>)(ForwardedHeadersOptions?)null;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var one in setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(one, out var address)) options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(one, out var network)) options.KnownIPNetworks.Add(network);
            else return new Refused(Refusal.SettingInvalid, $"TOLLKEEPER_PROXIES: {one}");
        }
        // With nobody named, the framework would believe everybody.
        return options.KnownProxies.Count + options.KnownIPNetworks.Count > 0
            ? options
            : new Refused(Refusal.SettingInvalid, "TOLLKEEPER_PROXIES");
    }
}
