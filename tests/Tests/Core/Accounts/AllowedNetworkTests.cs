using System.Net;
using Tollkeeper.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Core.Accounts;

/// <summary>From where an account may send calls.</summary>
public sealed class AllowedNetworkTests
{
    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5")]
    [InlineData("203.0.113.0/28", "203.0.113.0/28")]
    [InlineData("203.0.113.5/32", "203.0.113.5")]
    [InlineData("2001:DB8:0:0::/56", "2001:db8::/56")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("::ffff:203.0.113.5", "203.0.113.5")]
    public void An_address_or_network_is_written_in_one_way(string typed, string kept) =>
        Assert.Equal(kept, AllowedNetwork.Parse(typed).Value.ToString());

    [Theory]
    [InlineData("", Refusal.BadNetwork)]
    [InlineData("203.0.113", Refusal.BadNetwork)]
    [InlineData("203.0.113.256", Refusal.BadNetwork)]
    [InlineData("203.0.113.05", Refusal.BadNetwork)]
    [InlineData("0xcb007105", Refusal.BadNetwork)]
    [InlineData("203.0.113.5/33", Refusal.BadNetwork)]
    [InlineData("203.0.113.5/-1", Refusal.BadNetwork)]
    [InlineData("203.0.113.5/", Refusal.BadNetwork)]
    [InlineData("203.0.113.5/28", Refusal.BadNetwork)]
    [InlineData("2001:db8::1/56", Refusal.BadNetwork)]
    [InlineData("fe80::1%eth0", Refusal.BadNetwork)]
    [InlineData("[2001:db8::1]", Refusal.BadNetwork)]
    [InlineData("٢٠٣.٠.١١٣.٥", Refusal.BadNetwork)]
    [InlineData("<b>", Refusal.BadNetwork)]
    [InlineData("10.1.2.3", Refusal.NetworkPrivate)]
    [InlineData("192.168.0.0/24", Refusal.NetworkPrivate)]
    [InlineData("172.31.255.255", Refusal.NetworkPrivate)]
    [InlineData("100.64.0.1", Refusal.NetworkPrivate)]
    [InlineData("127.0.0.1", Refusal.NetworkPrivate)]
    [InlineData("0.0.0.0", Refusal.NetworkPrivate)]
    [InlineData("224.0.0.1", Refusal.NetworkPrivate)]
    [InlineData("255.255.255.255", Refusal.NetworkPrivate)]
    [InlineData("::1", Refusal.NetworkPrivate)]
    [InlineData("::/48", Refusal.NetworkPrivate)]
    [InlineData("fd00::1", Refusal.NetworkPrivate)]
    [InlineData("fe80::1", Refusal.NetworkPrivate)]
    [InlineData("0.0.0.0/0", Refusal.NetworkTooWide)]
    [InlineData("203.0.112.0/23", Refusal.NetworkTooWide)]
    [InlineData("::ffff:0:0/96", Refusal.NetworkTooWide)]
    [InlineData("::/0", Refusal.NetworkTooWide)]
    [InlineData("2001:db8::/47", Refusal.NetworkTooWide)]
    public void What_names_no_caller_is_refused_by_name(string typed, Refusal refusal) =>
        Assert.Equal((refusal, typed), (AllowedNetwork.Parse(typed).Refused!.Refusal,
            AllowedNetwork.Parse(typed).Refused!.Detail));

    [Fact]
    public void A_list_is_read_with_any_blanks_and_refuses_what_stands_in_it_twice()
    {
        var list = AllowedNetwork.ParseAll(" 203.0.113.0/28,\r\n198.51.100.7;2001:db8::/56\t").Value;
        Assert.Equal("203.0.113.0/28 198.51.100.7 2001:db8::/56", AllowedNetwork.Write(list));
        Assert.Equal(list, AllowedNetwork.ReadKept(AllowedNetwork.Write(list)));
        Assert.Empty(AllowedNetwork.ParseAll(" \n ").Value);
        Assert.Equal(
            new Refused(Refusal.NetworkTwice, "203.0.113.15"),
            AllowedNetwork.ParseAll("203.0.113.0/28 203.0.113.15").Refused);
        var many = string.Join(' ', Enumerable.Range(1, AllowedNetwork.Most + 1).Select(n => $"203.0.113.{n}"));
        Assert.Equal(Refusal.TooManyNetworks, AllowedNetwork.ParseAll(many).Refused?.Refusal);
    }

    [Theory]
    [InlineData("", "192.0.2.1", true)]
    [InlineData("203.0.113.0/28", "203.0.113.0", true)]
    [InlineData("203.0.113.0/28", "203.0.113.15", true)]
    [InlineData("203.0.113.0/28", "203.0.113.16", false)]
    [InlineData("203.0.113.0/28", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.0/28", "2001:db8::1", false)]
    [InlineData("198.51.100.7 2001:db8::/56", "2001:db8:0:ff::1", true)]
    [InlineData("198.51.100.7 2001:db8::/56", "2001:db8:0:100::1", false)]
    public void Calls_come_from_the_networks_alone_and_from_anywhere_where_there_are_none(
        string networks, string source, bool allowed) =>
        Assert.Equal(allowed, AllowedNetwork.Allow(networks, IPAddress.Parse(source)));
}
