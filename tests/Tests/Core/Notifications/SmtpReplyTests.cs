using Tollkeeper.Notifications;
using Xunit;

namespace Tollkeeper.Tests.Core.Notifications;

public sealed class SmtpReplyTests
{
    [Theory]
    [InlineData("250 2.0.0 Ok: queued as 4F2", SmtpStep.Content, SmtpVerdict.Goes)]
    [InlineData("354 go ahead", SmtpStep.Content, SmtpVerdict.Goes)]
    [InlineData("550 5.1.1 no such user", SmtpStep.Recipient, SmtpVerdict.Never)]
    [InlineData("452 4.2.2 mailbox full", SmtpStep.Recipient, SmtpVerdict.Later)]
    [InlineData("451 4.7.1 greylisted", SmtpStep.Recipient, SmtpVerdict.Later)]
    [InlineData("554 5.7.1 spam", SmtpStep.Content, SmtpVerdict.Never)]
    [InlineData("421 4.3.2 shutting down", SmtpStep.Recipient, SmtpVerdict.Away)]
    [InlineData("535 5.7.8 authentication failed", SmtpStep.Door, SmtpVerdict.Away)]
    [InlineData("554 no service", SmtpStep.Door, SmtpVerdict.Away)]
    public void An_answer_decides_about_the_mail_by_where_it_was_given(string line, SmtpStep at, SmtpVerdict expected)
    {
        Assert.True(SmtpReply.TryRead([line], out var reply));
        Assert.Equal(expected, reply.Value.At(at));
        Assert.Equal(line, $"{reply}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("99 too low")]
    [InlineData("600 too high")]
    [InlineData("25O letters")]
    public void What_is_no_answer_is_none(string line) => Assert.False(SmtpReply.TryRead([line], out _));

    [Fact]
    public void Lines_of_one_answer_belong_together_and_no_control_character_gets_through()
    {
        Assert.True(SmtpReply.GoesOn("250-first"));
        Assert.True(SmtpReply.TryRead(["250-first", "250 sec\tond"], out var reply));
        Assert.Equal("first sec ond", reply.Value.Text);
        Assert.False(SmtpReply.TryRead(["250-first", "550 second"], out _));
        Assert.True(SmtpReply.TryRead(["550 " + new string('x', 1_000)], out var longOne));
        Assert.Equal(300, longOne.Value.Text.Length);
    }
}
