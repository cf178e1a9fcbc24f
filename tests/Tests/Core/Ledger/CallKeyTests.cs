using FsCheck;
using FsCheck.Fluent;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Core.Ledger;

public sealed class CallKeyTests
{
    [Fact]
    public void A_key_reads_back_from_its_id() =>
        Prop.ForAll(ArbMap.Default.ArbFor<Guid>(), value =>
        {
            var key = new CallKey(value);
            Assert.Matches("^call_[a-z2-7]{25}[aeimquy4]$", key.Id);
            Assert.True(CallKey.TryParse(key.Id, out var read));
            Assert.Equal(key, read);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ids_are_the_bytes_from_the_first_on()
    {
        var key = new CallKey(new Guid("ff000000-0000-0000-0000-000000000001"));
        Assert.Equal("call_74aaaaaaaaaaaaaaaaaaaaaaae", key.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("call_")]
    [InlineData("call_74aaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("call_74aaaaaaaaaaaaaaaaaaaaaaaee")]
    // Other spellings of the same bytes: capitals, bits beyond the sixteenth byte.
    [InlineData("call_74AAAAAAAAAAAAAAAAAAAAAAAE")]
    [InlineData("Call_74aaaaaaaaaaaaaaaaaaaaaaae")]
    [InlineData("call_74aaaaaaaaaaaaaaaaaaaaaaaf")]
    [InlineData("call_74aaaaaaaaaaaaaaaaaaaaaa1e")]
    [InlineData("acc_74aaaaaaaaaaaaaaaaaaaaaaaaeee")]
    [InlineData("call_74aaaaaaaaaaaaaaaaaaaaaaa ")]
    public void Nothing_else_is_an_id(string? id) => Assert.False(CallKey.TryParse(id, out _));
}
