using System.Diagnostics.CodeAnalysis;

namespace Tollkeeper;

/// <summary>States what must be true; a broken demand is a bug and throws <see cref="InvalidOperationException"/>.</summary>
public static class Demand
{
    public static void That([DoesNotReturnIf(false)] bool condition, string whatMustBeTrue)
    {
        if (!condition) throw new InvalidOperationException("Demand broken: " + whatMustBeTrue);
    }
}
