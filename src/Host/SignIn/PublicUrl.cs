using Microsoft.AspNetCore.Http;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// Where people find a provider's pages, for links in mails: the provider's own host and what the operator configured,
/// never what some request said.
/// </summary>
/// <param name="listening">Where the program listens, once it does; null for commands.</param>
sealed class PublicUrl(Settings settings, Func<string?>? listening = null)
{
    const string HostPlace = "{host}";

    public string Of(Provider provider, string path) =>
        (settings.PublicUrl ?? Default()).Replace(HostPlace, provider.Host, StringComparison.Ordinal).TrimEnd('/')
        + path;

    /// <summary>Null where it may stay as it is.</summary>
    public static Refused? Problem(string? pattern)
    {
        if (pattern is null) return null;
        var good = pattern.Contains(HostPlace, StringComparison.Ordinal)
            && Uri.TryCreate(pattern.Replace(HostPlace, "host.example", StringComparison.Ordinal), UriKind.Absolute,
                out var uri)
            && uri.Scheme is "http" or "https" && uri is { Host: "host.example", Query: "", Fragment: "" };
        return good ? null : new Refused(Refusal.SettingInvalid, $"TOLLKEEPER_PUBLIC_URL={pattern}");
    }

    /// <summary>The scheme and port of the first address that the program listens at.</summary>
    string Default()
    {
        var address = BindingAddress.Parse(listening?.Invoke() ?? settings.Urls.Split(';', ',')[0]);
        var usual = address.Scheme == "https" ? 443 : 80;
        return $"{address.Scheme}://{HostPlace}{(address.Port == usual ? "" : $":{address.Port}")}";
    }
}
