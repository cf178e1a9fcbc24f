using NodaTime;

namespace Tollkeeper.Ledger;

/// <summary>One dated step of a floor together with when it was recorded.</summary>
public readonly record struct RecordedFloor(FloorRecord Step, Instant RecordedAt);

/// <summary>
/// Follows a wallet's entries in order and knows the lowest balance that its rules explain; micros. Nothing is granted
/// that takes balance less holds below the floor. So a balance can be lower only by what late calls, imported calls and
/// reversals took, and by what the floor rose meanwhile; money that comes in makes good for it first.
/// </summary>
public sealed class FloorWatch
{
    readonly IReadOnlyList<RecordedFloor> records;
    readonly Instant[] changes;
    int next;
    long floor;
    long lowestFloorNow;
    Instant lastChange = Instant.MinValue;

    /// <param name="records">In the order in which they were recorded.</param>
    public FloorWatch(IReadOnlyList<RecordedFloor> records)
    {
        this.records = records;
        changes = [.. records.SelectMany(Moments).Distinct().Order()];
    }

    /// <summary>The lowest balance that is explained at the entry that was seen last.</summary>
    public long LowestExplainedMicros { get; private set; }

    /// <summary>The next entry in order; true when the balance after it is explained.</summary>
    public bool Explains(EntryKind kind, long amountMicros, long balanceMicros, Instant recordedAt)
    {
        if (changes.Length > 0) Advance(recordedAt);
        if (amountMicros > 0)
        {
            // Steps and entries of one instant are in no known order: the lower floor is taken for both.
            var rules = lastChange == recordedAt ? lowestFloorNow : floor;
            LowestExplainedMicros = Math.Min(rules, unchecked(LowestExplainedMicros + amountMicros));
        }
        else if (MayGoBelow(kind))
        {
            LowestExplainedMicros = unchecked(LowestExplainedMicros + amountMicros);
        }
        return balanceMicros >= LowestExplainedMicros;
    }

    static bool MayGoBelow(EntryKind kind) => kind switch
    {
        EntryKind.LateCall or EntryKind.ImportedCall or EntryKind.Reversal or EntryKind.Chargeback => true,
        EntryKind.Call or EntryKind.Query or EntryKind.Deposit or EntryKind.Credit or EntryKind.Debit
            or EntryKind.Refund or EntryKind.Transfer => false,
    };

    static IEnumerable<Instant> Moments(RecordedFloor record)
    {
        yield return record.RecordedAt;
        if (record.Step.From > record.RecordedAt) yield return record.Step.From;
        if (record.Step.Until is { } until && until > record.RecordedAt) yield return until;
    }

    void Advance(Instant to)
    {
        for (; next < changes.Length && changes[next] <= to; next++)
        {
            lastChange = changes[next];
            lowestFloorNow = floor;
            var known = new List<FloorRecord>();
            foreach (var record in records)
            {
                if (record.RecordedAt > lastChange) break;
                known.Add(record.Step);
                if (record.RecordedAt == lastChange)
                    lowestFloorNow = Math.Min(lowestFloorNow, Floor.At(known, lastChange));
            }
            floor = Floor.At(known, lastChange);
            lowestFloorNow = Math.Min(lowestFloorNow, floor);
            LowestExplainedMicros = Math.Min(LowestExplainedMicros, lowestFloorNow);
        }
    }
}
