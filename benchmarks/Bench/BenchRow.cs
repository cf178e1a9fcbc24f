namespace Tollkeeper.Bench;

/// <summary>One line of the report: a figure of ours beside its baseline, both measured in the same run.</summary>
/// <param name="Unit">What both figures count, more being better: <c>rows/s</c>.</param>
/// <param name="Ratio">The median of the rounds' ratios, ours ÷ baseline; null where nothing is compared.</param>
/// <param name="Note">What else was seen: p50 and p99, callers, sizes, what was checked.</param>
public sealed record BenchRow(
    string Name, string Unit, double Ours, string BaselineName, double? Baseline, double? Ratio, string Note)
{
    public static string Header => $"{"what",-44} {"ours",14} {"baseline",14} {"ratio",8}  unit, baseline, notes";

    public override string ToString() =>
        $"{Name,-44} {Figure(Ours),14} {Figure(Baseline),14} {Times,8}  "
        + $"{Unit}; {BaselineName}{(Note.Length == 0 ? "" : "; " + Note)}";

    string Times => Ratio is { } ratio ? ratio.ToString("0.0") + "x" : "-";

    static string Figure(double? value) => value is { } known ? known.ToString(known < 100 ? "0.00" : "#,##0") : "-";
}
