using NodaTime;

namespace Tollkeeper.Charging;

/// <summary>R62: the date on which a wallet would be used up if it went on as in the last days.</summary>
public static class Depletion
{
    /// <summary>Days looked back on.</summary>
    public const int Days = 7;

    /// <summary>A date further away says nothing.</summary>
    const int MostDays = 3_650;

    /// <summary>
    /// Available ÷ average daily spending, in whole days from today; null where nothing was spent, or where it lasts
    /// longer than ten years. An account that spent nothing before today is judged by today.
    /// </summary>
    /// <param name="formerDaysMicros">The days before today, at most <see cref="Days"/>, none of which is before the
    /// account began; days without spending are 0.</param>
    public static LocalDate? On(
        long availableMicros, IReadOnlyList<long> formerDaysMicros, long todayMicros, LocalDate today)
    {
        Demand.That(formerDaysMicros.Count <= Days, "no more days than are looked back on");
        var spent = formerDaysMicros.Aggregate((Int128)0, (sum, day) => sum + day);
        var days = formerDaysMicros.Count;
        if (spent <= 0) (spent, days) = (todayMicros, 1);
        if (spent <= 0) return null;
        if (availableMicros <= 0) return today;
        var left = (Int128)availableMicros * days / spent;
        return left > MostDays ? null : today.PlusDays((int)left);
    }
}
