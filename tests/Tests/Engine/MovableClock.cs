using NodaTime;

namespace Tollkeeper.Tests.Engine;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class MovableClock(Instant start) : IClock
{
    public MovableClock()
        : this(Instant.FromUtc(2026, 3, 2, 15, 0))
    {
    }

    public Instant Now { get; private set; } = start;

    public Instant GetCurrentInstant() => Now;

    public void Move(Duration forward) => Now += forward;

    public void MoveTo(Instant instant) => Now = instant;
}
