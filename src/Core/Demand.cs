using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Tollkeeper;

/// <summary>
/// States what must be true; a broken demand is a bug and throws <see cref="InvalidOperationException"/>.
/// </summary>
public static class Demand
{
    public static void That([DoesNotReturnIf(false)] bool condition, string whatMustBeTrue)
    {
        if (!condition) throw new InvalidOperationException("Demand broken: " + whatMustBeTrue);
    }

    /// <summary>The text is put together only when the demand is broken, so that a kept one costs nothing.</summary>
    public static void That(
        [DoesNotReturnIf(false)] bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] ref DemandText whatMustBeTrue)
    {
        if (!condition) throw new InvalidOperationException("Demand broken: " + whatMustBeTrue.ToStringAndClear());
    }
}

/// <summary>The interpolated text of a demand.</summary>
[InterpolatedStringHandler]
public ref struct DemandText
{
    DefaultInterpolatedStringHandler text;

    public DemandText(int literalLength, int formattedCount, bool condition, out bool needed)
    {
        needed = !condition;
        text = needed ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    internal string ToStringAndClear() => text.ToStringAndClear();
}
