using NodaTime;
using Tollkeeper.Host.SignIn;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Host;

public sealed class DoorLimitsTests
{
    readonly MovableClock clock = new();

    [Fact]
    public void A_door_takes_so_many_tries_from_one_network_and_again_after_a_while()
    {
        var limits = new DoorLimits(clock);
        Assert.Equal(40, Enumerable.Range(0, 60).Count(_ => limits.TryEnter(Entrance.SignIn, "192.0.2.1")));
        Assert.True(limits.TryEnter(Entrance.SignIn, "192.0.2.2"));
        clock.Move(Duration.FromMinutes(5));
        Assert.True(limits.TryEnter(Entrance.SignIn, "192.0.2.1"));
    }

    [Fact]
    public void Filling_the_memory_of_one_door_opens_no_other()
    {
        var limits = new DoorLimits(clock, capacity: 100);
        for (var i = 0; i < 41; i++) limits.TryEnter(Entrance.SignIn, "192.0.2.1");
        for (var i = 0; i < 1_000; i++) limits.TryEnter(Entrance.Mailbox, $"nobody{i}@example.com");
        Assert.False(limits.TryEnter(Entrance.SignIn, "192.0.2.1"));
    }
}
