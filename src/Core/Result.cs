namespace Tollkeeper;

/// <summary>A value, or an expected no with its reason.</summary>
public readonly record struct Result<T>
{
    readonly T value;

    Result(T value, Refused? refused)
    {
        this.value = value;
        Refused = refused;
    }

    public Refused? Refused { get; }

    public bool Accepted => Refused is null;

    public T Value
    {
        get
        {
            Demand.That(Refused is null, $"the result was accepted, not {Refused}");
            return value;
        }
    }

    /// <summary>For what is known by its interface: C# converts no interface by itself.</summary>
    public static Result<T> Of(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refused refused) => new(default!, refused);

    public static implicit operator Result<T>(Refusal refusal) => new(default!, new Refused(refusal));
}

/// <summary>A refusal, and where it helps the thing that it is about ("line 12: rate '0,x'"), never a secret.</summary>
/// <param name="First">What was answered the first time, for something asked again differently.</param>
public sealed record Refused(Refusal Refusal, string? Detail = null, object? First = null)
{
    public static implicit operator Refused(Refusal refusal) => new(refusal);
}
