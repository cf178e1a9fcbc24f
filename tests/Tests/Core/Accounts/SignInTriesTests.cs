using NodaTime;
using Tollkeeper.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Core.Accounts;

public sealed class SignInTriesTests
{
    static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 15, 0);

    [Fact]
    public void The_fifth_try_is_the_last_for_fifteen_minutes()
    {
        var tries = Begin(new SignInTries(0, Now, null), Now, 5);
        Assert.Equal(Refusal.SignInLocked, tries.Begin(Now).Refused?.Refusal);
        Assert.Equal(Refusal.SignInLocked, tries.Begin(Now + Duration.FromSeconds(899)).Refused?.Refusal);
        var later = tries.Begin(Now + Duration.FromMinutes(15));
        Assert.Equal(1, later.Value.Failures);
    }

    [Fact]
    public void A_try_that_was_right_does_not_count_and_what_was_counted_before_does()
    {
        var tries = Begin(new SignInTries(0, Now, null), Now, 5).TakeBack();
        Assert.Equal((4, false), (tries.Failures, tries.IsLocked(Now)));
        Assert.True(Begin(tries, Now, 1).IsLocked(Now));
    }

    [Fact]
    public void Failures_of_yesterday_are_forgotten() =>
        Assert.Equal(1, Begin(new SignInTries(4, Now, null), Now + Duration.FromHours(25), 1).Failures);

    static SignInTries Begin(SignInTries tries, Instant now, int times)
    {
        for (var i = 0; i < times; i++) tries = tries.Begin(now).Value;
        return tries;
    }
}
