using NodaTime;

namespace Tollkeeper.Rating;

/// <summary>
/// One row of a rate deck: what a minute to numbers with a prefix costs, and while which calls start
/// (<see cref="From"/> included, <see cref="To"/> excluded; null is open). Amounts in micros, periods in seconds.
/// </summary>
public readonly record struct Rate
{
    /// <summary>The longest number and so the longest prefix of E.164.</summary>
    public const int MaxDigits = 15;

    /// <summary>1 to 15 digits, no plus.</summary>
    public required string Prefix { get; init; }
    public required string Destination { get; init; }

    /// <summary>The price where no jurisdiction has a column of its own.</summary>
    public required PerMinute PerMinute { get; init; }
    public required int FirstSeconds { get; init; }
    public required int NextSeconds { get; init; }
    public long ConnectFeeMicros { get; init; }
    public long MinimumMicros { get; init; }

    /// <summary>A call that this row wins is refused; it never falls back to a shorter prefix (RATE-04).</summary>
    public bool Blocked { get; init; }
    public Instant? From { get; init; }
    public Instant? To { get; init; }
    public PerMinute? Interstate { get; init; }
    public PerMinute? Intrastate { get; init; }
    public PerMinute? Indeterminate { get; init; }

    /// <summary>
    /// What goes with the plain price: periods, then fees and prices of jurisdictions where there are some, such as
    /// <c>30/6 connect 0.005 inter 0.007</c>. The same in every language, as in a deck's file.
    /// </summary>
    public string TermsInWords => string.Concat(
        $"{FirstSeconds}/{NextSeconds}",
        ConnectFeeMicros == 0 ? "" : $" connect {FixedPoint.Write(ConnectFeeMicros, 6)}",
        MinimumMicros == 0 ? "" : $" minimum {FixedPoint.Write(MinimumMicros, 6)}",
        string.Concat(
            Interstate is { } inter ? $" inter {inter.Text}" : "",
            Intrastate is { } intra ? $" intra {intra.Text}" : "",
            Indeterminate is { } other ? $" ij {other.Text}" : ""));

    /// <summary>
    /// The price in a rate column; an indeterminate call without a column of its own pays the higher rate (RATE-05).
    /// </summary>
    public PerMinute In(RateColumn column)
    {
        var inter = Interstate ?? PerMinute;
        var intra = Intrastate ?? PerMinute;
        return column switch
        {
            RateColumn.Flat => PerMinute,
            RateColumn.Interstate => inter,
            RateColumn.Intrastate => intra,
            RateColumn.Indeterminate => Indeterminate ?? (inter.E8 >= intra.E8 ? inter : intra),
        };
    }
}

/// <summary>Which price of a deck row a call takes; <see cref="Flat"/> is the row's plain price.</summary>
public enum RateColumn
{
    Flat = 0,
    Interstate = 1,
    Intrastate = 2,
    Indeterminate = 3,
}
