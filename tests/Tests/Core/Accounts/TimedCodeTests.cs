using System.Text;
using NodaTime;
using Tollkeeper.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Core.Accounts;

public sealed class TimedCodeTests
{
    static readonly byte[] Key = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_codes_are_those_of_RFC_6238_without_their_first_two_digits(long seconds, string code)
    {
        var at = Instant.FromUnixTimeSeconds(seconds);
        Assert.Equal(code, TimedCode.Of(Key, TimedCode.StepOf(at)));
        Assert.Equal(TimedCode.StepOf(at), TimedCode.Accept(Key, code, at, 0));
        Assert.Equal(TimedCode.StepOf(at), TimedCode.Accept(Key, code[..3] + " " + code[3..], at, 0));
    }

    [Fact]
    public void A_code_is_good_for_one_step_to_either_side_and_never_again_after_it_was_accepted()
    {
        var now = Instant.FromUnixTimeSeconds(1_900_000_000);
        var step = TimedCode.StepOf(now);
        Assert.Equal(step - 1, TimedCode.Accept(Key, TimedCode.Of(Key, step - 1), now, 0));
        Assert.Equal(step + 1, TimedCode.Accept(Key, TimedCode.Of(Key, step + 1), now, 0));
        Assert.Null(TimedCode.Accept(Key, TimedCode.Of(Key, step - 2), now, 0));
        Assert.Null(TimedCode.Accept(Key, TimedCode.Of(Key, step + 2), now, 0));
        Assert.Null(TimedCode.Accept(Key, TimedCode.Of(Key, step), now, step));
        Assert.Null(TimedCode.Accept(Key, TimedCode.Of(Key, step - 1), now, step));
        Assert.Equal(step + 1, TimedCode.Accept(Key, TimedCode.Of(Key, step + 1), now, step));
    }

    [Fact]
    public void A_key_is_read_from_the_text_that_authenticators_take()
    {
        Assert.Equal(Key, TimedCode.KeyOf("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        Assert.Equal(Key, TimedCode.KeyOf(PublicId.Base32(Key)));
        Assert.Null(TimedCode.KeyOf("GEZD1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870822")]
    [InlineData("28708a")]
    [InlineData("٢٨٧٠٨٢")]
    public void What_is_not_six_digits_is_no_code(string typed) =>
        Assert.Null(TimedCode.Accept(Key, typed, Instant.FromUnixTimeSeconds(59), 0));
}
