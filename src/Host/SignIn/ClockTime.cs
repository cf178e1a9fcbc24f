using NodaTime;

namespace Tollkeeper.Host.SignIn;

/// <summary>The installation's clock for those parts of the framework that ask for one.</summary>
sealed class ClockTime(IClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetCurrentInstant().ToDateTimeOffset();
}
