using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tollkeeper.Accounts;

/// <summary>
/// One address or network from which an account may send calls: IPv4 or IPv6, kept as the range of IPv6 addresses that
/// it is (IPv4 as ::ffff:0:0/96). It is public, narrow, and one account's alone, so that calls from there are its.
/// </summary>
/// <param name="Bits">How many leading bits of <paramref name="First"/> are fixed, of 128.</param>
public readonly record struct AllowedNetwork(UInt128 First, int Bits)
{
    /// <summary>Of one account.</summary>
    public const int Most = 50;

    const int AllBits = 128;
    const int MappedBits = 96;

    /// <summary>The widest that one customer is given: a /24 of IPv4, a /48 of IPv6.</summary>
    const int WidestIPv4 = 24;
    const int WidestIPv6 = 48;

    /// <summary>Where nobody calls from across the Internet: private, shared, local, multicast, reserved.</summary>
    static readonly AllowedNetwork[] NotPublic =
    [
        Known("0.0.0.0/8"), Known("10.0.0.0/8"), Known("100.64.0.0/10"), Known("127.0.0.0/8"), Known("169.254.0.0/16"),
        Known("172.16.0.0/12"), Known("192.168.0.0/16"), Known("224.0.0.0/3"), Known("::/16"),
        Known("fc00::/7"), Known("fe80::/10"), Known("fec0::/10"), Known("ff00::/8"),
    ];

    public UInt128 Last => First | ~Mask(Bits);

    bool IsIPv4 => Bits >= MappedBits && First >> 32 == 0xffff;

    public bool Contains(IPAddress address) => (Number(address) & Mask(Bits)) == First;

    public bool Overlaps(AllowedNetwork other) => First <= other.Last && other.First <= Last;

    /// <summary>Addresses of IPv4 stand among those of IPv6, and are none of them.</summary>
    bool Holds(AllowedNetwork other) => IsIPv4 == other.IsIPv4 && Bits <= other.Bits && Overlaps(other);

    /// <summary>As it is shown and kept: <c>203.0.113.5</c>, <c>203.0.113.0/28</c>, <c>2001:db8::/56</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, First);
        var address = new IPAddress(bytes);
        var text = (IsIPv4 ? address.MapToIPv4() : address).ToString();
        var bits = IsIPv4 ? Bits - MappedBits : Bits;
        return Bits == AllBits ? text : string.Create(CultureInfo.InvariantCulture, $"{text}/{bits}");
    }

    /// <summary>
    /// Refusals: <see cref="Refusal.BadNetwork"/> (also where bits behind the network's are set),
    /// <see cref="Refusal.NetworkPrivate"/>, <see cref="Refusal.NetworkTooWide"/>; each with the text as its detail.
    /// </summary>
    public static Result<AllowedNetwork> Parse(string text)
    {
        if (Read(text) is not { } network) return new Refused(Refusal.BadNetwork, text);
        if (NotPublic.Any(known => known.Holds(network))) return new Refused(Refusal.NetworkPrivate, text);
        var widest = network.IsIPv4 ? MappedBits + WidestIPv4 : WidestIPv6;
        return network.Bits < widest ? new Refused(Refusal.NetworkTooWide, text) : network;
    }

    /// <summary>
    /// What somebody typed: one a line, or between commas or blanks. Refusals: those of one,
    /// <see cref="Refusal.NetworkTwice"/>, <see cref="Refusal.TooManyNetworks"/>.
    /// </summary>
    public static Result<IReadOnlyList<AllowedNetwork>> ParseAll(string text)
    {
        var networks = new List<AllowedNetwork>();
        foreach (var one in text.Split([' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (networks.Count == Most) return Refusal.TooManyNetworks;
            var network = Parse(one);
            if (network.Refused is { } refused) return refused;
            if (networks.Any(known => known.Overlaps(network.Value))) return new Refused(Refusal.NetworkTwice, one);
            networks.Add(network.Value);
        }
        return networks;
    }

    /// <summary>As an account's row keeps them.</summary>
    public static string Write(IReadOnlyList<AllowedNetwork> networks) => string.Join(' ', networks);

    /// <summary>Of an account's row.</summary>
    public static IReadOnlyList<AllowedNetwork> ReadKept(string networks) =>
        [.. networks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Known)];

    /// <summary>Whether calls may come from there; an account without any is not restricted.</summary>
    /// <param name="source">Null where nobody says from where.</param>
    public static bool Allow(string networks, IPAddress? source) =>
        networks.Length == 0
        || (source is not null && ReadKept(networks).Any(network => network.Contains(source)));

    static AllowedNetwork Known(string text)
    {
        var network = Read(text);
        Demand.That(network is not null, $"'{text}' is an address or a network");
        return network.Value;
    }

    static AllowedNetwork? Read(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (ReadAddress(slash < 0 ? text : text[..slash]) is not { } address) return null;
        var offset = address.AddressFamily == AddressFamily.InterNetwork ? MappedBits : 0;
        var bits = AllBits;
        if (slash >= 0)
        {
            if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits)
                || bits > AllBits - offset)
                return null;
            bits += offset;
        }
        var first = Number(address);
        return (first & ~Mask(bits)) == 0 ? new AllowedNetwork(first, bits) : null;
    }

    /// <summary>Whole addresses alone: the system would also read <c>10.1</c>, <c>0x7f</c> and <c>fe80::1%eth0</c>.
    /// </summary>
    public static IPAddress? ReadAddress(string text)
    {
        if (text.Length > 45 || !IPAddress.TryParse(text, out var address)) return null;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return text.AsSpan().IndexOfAny('%', '[') < 0 ? address : null;
        var parts = text.Split('.');
        return parts.Length == 4 && parts.All(IsByte) ? address : null;
    }

    static bool IsByte(string part) =>
        part is { Length: >= 1 and <= 3 } && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0');

    static UInt128 Number(IPAddress address) =>
        BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());

    static UInt128 Mask(int bits) => bits == 0 ? UInt128.Zero : UInt128.MaxValue << (AllBits - bits);
}
