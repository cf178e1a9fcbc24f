using NodaTime;

namespace Tollkeeper.Engine.Demo;

/// <summary>
/// The clock that the demonstration is made by: it begins weeks ago and is moved to now, so that what is recorded has
/// the dates that it would have had.
/// </summary>
sealed class DemoClock(Instant start) : IClock
{
    long ticks = start.ToUnixTimeTicks();

    public Instant GetCurrentInstant() => Instant.FromUnixTimeTicks(Interlocked.Read(ref ticks));

    public void MoveTo(Instant instant)
    {
        Demand.That(instant >= GetCurrentInstant(), "the demonstration's clock goes forward");
        Interlocked.Exchange(ref ticks, instant.ToUnixTimeTicks());
    }
}
