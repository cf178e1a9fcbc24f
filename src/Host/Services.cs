using NodaTime;

namespace Tollkeeper.Host;

/// <summary>Where the program meets the machine that it runs on.</summary>
public static class Services
{
    /// <summary>The real clock; everything else is handed one.</summary>
    public static IClock Clock => SystemClock.Instance;

    /// <summary>For what counts seconds and decides nothing.</summary>
    public static TimeProvider Time => TimeProvider.System;
}
