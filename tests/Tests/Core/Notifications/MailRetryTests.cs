using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Notifications;
using Xunit;

namespace Tollkeeper.Tests.Core.Notifications;

public sealed class MailRetryTests
{
    static readonly Instant Made = Instant.FromUtc(2026, 3, 2, 15, 0);

    [Fact]
    public void Pauses_grow_to_two_hours_and_a_mail_is_given_up_after_four_days()
    {
        var (now, tries) = (Made, new List<Duration>());
        for (var attempt = 1; MailRetry.Next(NoticeKind.LowBalance, attempt, Made, now) is { } next; attempt++)
        {
            tries.Add(next - now);
            now = next;
        }
        Assert.Equal("1 2 5 15 30 60 120 120", string.Join(' ', tries.Take(8).Select(each => each.TotalMinutes)));
        Assert.Equal(tries.Order(), tries);
        Assert.InRange(now, Made + Duration.FromDays(4) - Duration.FromHours(2), Made + Duration.FromDays(4));
    }

    [Fact]
    public void A_link_is_not_sent_any_more_when_it_would_have_expired()
    {
        var late = Made + Duration.FromHours(1) + Duration.FromSeconds(1);
        Assert.True(MailRetry.IsTooLate(NoticeKind.ResetPassword, Made, late));
        Assert.False(MailRetry.IsTooLate(NoticeKind.Invitation, Made, late));
        Assert.False(MailRetry.IsTooLate(NoticeKind.LowBalance, Made, Made + Duration.FromDays(30)));
        Assert.Null(MailRetry.Next(NoticeKind.ResetPassword, 7, Made, Made));
    }

    [Fact]
    public void A_mail_server_that_is_away_is_asked_again_within_two_minutes() =>
        Assert.Equal(
            "2 4 8 16 32 64 120 120", string.Join(' ', Enumerable.Range(0, 8).Select(
                times => MailRetry.PauseWhileAway(times).TotalSeconds)));
}
