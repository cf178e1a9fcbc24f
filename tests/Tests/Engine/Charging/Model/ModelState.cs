using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Tests.Engine.Charging.Model;

/// <summary>A wallet as the model has it: a sum, its numbered amounts, and every floor ever set.</summary>
public sealed class ModelWallet(string name)
{
    public string Name { get; } = name;
    public long Balance { get; set; }

    /// <summary>Final ones cannot be reversed: reversals, and moves between wallets.</summary>
    public List<(long Amount, bool Final, long CallN)> Entries { get; init; } = [];
    public List<(Instant From, Instant? Until, long Floor)> Floors { get; init; } = [];

    public long FloorAt(Instant at) => Floors.LastOrDefault(
        floor => floor.From <= at && (floor.Until is not { } until || at < until)).Floor;

    public ModelWallet Copy() => new(Name) { Balance = Balance, Entries = [.. Entries], Floors = [.. Floors] };
}

/// <summary>An account: wallets, what suspends it, its limits, and when its last calls were let in.</summary>
public sealed class ModelAccount
{
    public required string Id { get; init; }
    public required AccountType Type { get; init; }
    public required int Channels { get; init; }
    public required int CallsPerSecond { get; init; }
    public required bool Taxed { get; init; }
    public required List<ModelWallet> Wallets { get; init; }
    public Dictionary<string, Directions> Suspensions { get; init; } = [];

    /// <summary>By switch, or by nothing where the provider counts all switches together.</summary>
    public Dictionary<string, (long MillionthsLeft, Instant At)> Buckets { get; init; } = [];

    public Directions Blocks => Suspensions.Values.Aggregate(Directions.None, (all, one) => all | one);

    public ModelWallet WalletOf(Directions direction) =>
        Wallets.Count == 1 ? Wallets[0] : Wallets[direction == Directions.Inbound ? 1 : 0];

    public ModelAccount Copy() => new()
    {
        Id = Id,
        Type = Type,
        Channels = Channels,
        CallsPerSecond = CallsPerSecond,
        Taxed = Taxed,
        Wallets = [.. Wallets.Select(wallet => wallet.Copy())],
        Suspensions = new(Suspensions),
        Buckets = new(Buckets),
    };
}

/// <summary>What a call costs: cents are for others, the model counts micros and 10⁻⁸ per minute.</summary>
public sealed record ModelRate(long E8PerMinute, int First, int Next, bool Billable, long TaxMillionths)
{
    /// <summary>By whole increments; the price of zero seconds is zero.</summary>
    public int Billed(int seconds)
    {
        if (seconds == 0 || !Billable) return 0;
        var billed = First;
        while (billed < seconds) billed += Next;
        return billed;
    }

    public long Charge(int seconds)
    {
        var e8Seconds = (Int128)E8PerMinute * Billed(seconds);
        // 10⁻⁸ per minute times seconds: 6,000 of them are one micro; half goes up.
        return (long)((e8Seconds + 3_000) / 6_000);
    }

    public long Tax(int seconds) => (long)((Int128)Charge(seconds) * TaxMillionths / 1_000_000);

    public long Total(int seconds) => Charge(seconds) + Tax(seconds);
}

/// <summary>One call from its first question to after its end.</summary>
public sealed record ModelCall
{
    public required string Account { get; init; }
    public required string Switch { get; init; }
    public required Directions Direction { get; init; }
    public required ModelRate Rate { get; init; }

    /// <summary>What was asked first, as one text; empty for an imported call.</summary>
    public required string Asked { get; init; }
    public required string FirstAnswer { get; init; }
    public int Granted { get; init; }
    public long Held { get; init; }
    public Instant Expires { get; init; }
    public bool Expired { get; init; }
    public bool Ended { get; init; }
    public string Told { get; init; } = "";
    public string EndAnswer { get; init; } = "";
    public IReadOnlyDictionary<int, string> Renewals { get; init; } = new Dictionary<int, string>();
}
