using System.Globalization;
using NodaTime;

namespace Tollkeeper;

/// <summary>
/// How a reader of one language, in one zone, sees amounts, dates, times, lengths and telephone numbers. Amounts are
/// cut toward less money and never rounded up: a balance shows at most what is there.
/// </summary>
public sealed class Locale(Language language, DateTimeZone zone)
{
    /// <summary>A balance has 4 decimals, a call's charge 6, a document 2.</summary>
    public const int BalanceDecimals = 4;
    const int BalanceUnit = 100;
    public const int ChargeDecimals = 6;
    public const int DocumentDecimals = 2;

    const string NarrowSpace = "\u202f";
    const string FixedSpace = "\u00a0";
    const string Minus = "\u2212";

    /// <summary>Codes whose last letter stands for dollars; a dirham or a dinar ends so, too.</summary>
    static readonly string[] Dollars = ["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TTD", "JMD", "BSD", "BBD"];

    static readonly string[] EnglishMonths =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    static readonly string[] FrenchMonths =
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."];

    static readonly string[] SpanishMonths =
        ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"];

    public Language Language => language;

    public DateTimeZone Zone => zone;

    /// <summary>Such as <c>$48.1372 USD</c>, in French <c>48,1372 $ US</c>.</summary>
    public string Money(Money money, int decimals)
    {
        var (sign, number) = Cut(money.Micros, decimals);
        var code = money.Currency.Code;
        if (!Dollars.Contains(code)) return $"{sign}{number}{FixedSpace}{code}";
        return language switch
        {
            Language.English or Language.Spanish => $"{sign}${number}{FixedSpace}{code}",
            Language.French => $"{sign}{number}{FixedSpace}${FixedSpace}{code[..2]}",
        };
    }

    /// <summary>
    /// What stands between balance, floor and available as they are shown: whoever subtracts the printed figures comes
    /// to the printed result. Micros.
    /// </summary>
    public static long ShownHeld(long balanceMicros, long floorMicros, long availableMicros) =>
        checked(ShownBalance(balanceMicros) - ShownBalance(floorMicros) - ShownBalance(availableMicros));

    static long ShownBalance(long micros) => Kept(micros, BalanceUnit) * BalanceUnit;

    public string Balance(Money money) => Money(money, BalanceDecimals);

    public string Charge(Money money) => Money(money, ChargeDecimals);

    /// <summary>An amount without its currency, for columns whose head names it.</summary>
    public string Amount(long micros, int decimals)
    {
        var (sign, number) = Cut(micros, decimals);
        return sign + number;
    }

    public string Number(long value) => (value < 0 ? Minus : "") + Grouped(Digits(value));

    /// <summary>A price per minute with its 8 decimals, trailing zeros cut down to 4 decimals.</summary>
    public string PerMinute(long e8)
    {
        var text = FixedPoint.Write(e8, 8);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = text[(point + 1)..].TrimEnd('0').PadRight(4, '0');
        return $"{Grouped(text[..point])}{Point}{fraction}";
    }

    /// <summary>A number with all its decimals, given with a point: an amount before it was rounded.</summary>
    public string Decimals(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? Grouped(text) : $"{Grouped(text[..point])}{Point}{text[(point + 1)..]}";
    }

    /// <summary>Such as <c>37.6%</c>, in French <c>37,6 %</c>; as many decimals as there are.</summary>
    public string Percent(int partsPerMillion)
    {
        var text = FixedPoint.Write(partsPerMillion, 4).TrimEnd('0').TrimEnd('.').Replace('.', Point);
        return language switch
        {
            Language.English => $"{text}%",
            Language.French or Language.Spanish => $"{text}{FixedSpace}%",
        };
    }

    /// <summary>Such as <c>Nov 14, 2026</c>, <c>14 nov. 2026</c>, <c>14 nov 2026</c>.</summary>
    public string Date(LocalDate date) => language switch
    {
        Language.English => $"{EnglishMonths[date.Month - 1]} {date.Day}, {date.Year}",
        Language.French => $"{French(date.Day)} {FrenchMonths[date.Month - 1]} {date.Year}",
        Language.Spanish => $"{date.Day} {SpanishMonths[date.Month - 1]} {date.Year}",
    };

    public string Date(Instant instant) => Date(instant.InZone(zone).Date);

    /// <summary>Day and month, where the year is plain.</summary>
    public string Day(LocalDate date) => language switch
    {
        Language.English => $"{EnglishMonths[date.Month - 1]} {date.Day}",
        Language.French => $"{French(date.Day)} {FrenchMonths[date.Month - 1]}",
        Language.Spanish => $"{date.Day} {SpanishMonths[date.Month - 1]}",
    };

    /// <summary>Hours and minutes of 24, such as <c>14:03</c>, in French <c>14 h 03</c>.</summary>
    public string Time(Instant instant) => Time(instant.InZone(zone).TimeOfDay);

    public string Time(LocalTime time) => language switch
    {
        Language.English or Language.Spanish => $"{time.Hour:00}:{time.Minute:00}",
        Language.French => $"{time.Hour}{FixedSpace}h{FixedSpace}{time.Minute:00}",
    };

    public string TimeWithSeconds(Instant instant)
    {
        var time = instant.InZone(zone).TimeOfDay;
        return language switch
        {
            Language.English or Language.Spanish => $"{time.Hour:00}:{time.Minute:00}:{time.Second:00}",
            Language.French =>
                $"{time.Hour}{FixedSpace}h{FixedSpace}{time.Minute:00}{FixedSpace}min{FixedSpace}{time.Second:00}",
        };
    }

    public string DateAndTime(Instant instant) => $"{Date(instant)} {Time(instant)}";

    /// <summary>The zone as people know it: <c>America/Toronto</c>, or <c>UTC-05</c> for a fixed offset.</summary>
    public string ZoneName => zone.Id;

    /// <summary>Minutes and seconds, with hours where there are some: <c>4:31</c>, <c>1:02:03</c>.</summary>
    public static string Length(long seconds)
    {
        var (hours, rest) = Math.DivRem(seconds, 3_600);
        var (minutes, left) = Math.DivRem(rest, 60);
        return hours > 0 ? $"{hours}:{minutes:00}:{left:00}" : $"{minutes}:{left:00}";
    }

    /// <summary>
    /// A number in E.164 in groups: <c>+1 514 555 0144</c>, <c>+44 2079 460 018</c>. What is none is given back as it
    /// is.
    /// </summary>
    public static string Phone(string number)
    {
        if (number is not ['+', >= '1' and <= '9', ..] || number.Length > 16) return number;
        var digits = number.AsSpan(1);
        if (digits.ContainsAnyExceptInRange('0', '9')) return number;
        if (digits is ['1', ..] && digits.Length == 11)
            return $"+1{FixedSpace}{digits[1..4]}{FixedSpace}{digits[4..7]}{FixedSpace}{digits[7..]}";
        var code = Math.Min(CountryCodeLength(digits), digits.Length);
        var text = new System.Text.StringBuilder().Append('+').Append(digits[..code]);
        for (var rest = digits[code..]; !rest.IsEmpty;)
        {
            // Groups of three; what does not divide goes to the first group.
            var take = rest.Length <= 4 ? rest.Length : 3 + (rest.Length % 3 == 1 ? 1 : 0);
            text.Append('\u00a0').Append(rest[..take]);
            rest = rest[take..];
        }
        return text.ToString();
    }

    char Point => language switch
    {
        Language.English or Language.Spanish => '.',
        Language.French => ',',
    };

    /// <summary>
    /// So many decimals, the rest cut toward less money: −0.00001 with four decimals is −0.0001, and 0.00009 is 0.0000.
    /// </summary>
    (string Sign, string Number) Cut(long micros, int decimals)
    {
        Demand.That(decimals is >= 0 and <= 6, "an amount has at most six decimals");
        var unit = 1L;
        for (var i = decimals; i < 6; i++) unit *= 10;
        var kept = Kept(micros, unit);
        var text = FixedPoint.Write(kept, decimals).TrimStart('-');
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var number = point < 0 ? Grouped(text) : $"{Grouped(text[..point])}{Point}{text[(point + 1)..]}";
        return (kept < 0 ? Minus : "", number);
    }

    static long Kept(long micros, long unit)
    {
        var kept = Math.DivRem(micros, unit, out var rest);
        return rest < 0 ? kept - 1 : kept;
    }

    string Grouped(string digits)
    {
        if (digits.Length <= 3) return digits;
        var separator = language switch
        {
            Language.English or Language.Spanish => ",",
            Language.French => NarrowSpace,
        };
        var first = digits.Length % 3;
        var groups = Enumerable.Range(0, digits.Length / 3).Select(i => digits.Substring(first + 3 * i, 3));
        return string.Join(separator, first == 0 ? groups : groups.Prepend(digits[..first]));
    }

    static string Digits(long value) =>
        value.ToString(CultureInfo.InvariantCulture).TrimStart('-');

    static string French(int day) => day == 1 ? "1er" : day.ToString(CultureInfo.InvariantCulture);

    /// <summary>ITU-T E.164: codes of one digit (1, 7), of two, and all others of three.</summary>
    static int CountryCodeLength(ReadOnlySpan<char> digits)
    {
        if (digits[0] is '1' or '7') return 1;
        if (digits.Length < 2) return digits.Length;
        const string two =
            "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
            + "81 82 84 86 90 91 92 93 94 95 98";
        for (var at = 0; at < two.Length; at += 3)
            if (digits.StartsWith(two.AsSpan(at, 2))) return 2;
        return 3;
    }
}
