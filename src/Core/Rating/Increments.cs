namespace Tollkeeper.Rating;

/// <summary>
/// RATE-01: a call is billed its first period whole, then every next period begun; seconds, both at least 1.
/// </summary>
public static class Increments
{
    public static int Billed(int seconds, int first, int next)
    {
        Demand.That(first >= 1 && next >= 1, "increments are at least one second");
        if (seconds <= 0) return 0;
        if (seconds <= first) return first;
        var periods = ((long)seconds - first + next - 1) / next;
        return checked((int)(first + periods * next));
    }
}
