using NodaTime;
using Tollkeeper.Jobs;

namespace Tollkeeper.Engine.Jobs;

/// <summary>A line of the list of jobs. Its name is for good: what has run is remembered by it.</summary>
/// <param name="EachProvider">Runs for every provider by itself, in that provider's zone.</param>
/// <param name="Work">What is done. It may be broken off at any point and begin anew, on another node too.</param>
public sealed record Job(
    string Name, JobRule Rule, CatchUp CatchUp, bool EachProvider, Func<JobWork, Task<JobDone>> Work)
{
    /// <summary>What a person may start beside its times; what others ask for with an argument is not.</summary>
    public bool ByHand => Rule != JobRule.OnRequest;
}

/// <summary>What a run works with.</summary>
/// <param name="ProviderNo">Null for the whole installation.</param>
/// <param name="DueAt">When it should have run; it may be long ago.</param>
/// <param name="Argument">What it was asked for about, such as a number; empty where it runs by its times.</param>
/// <param name="Progress">Told how much of how much is done.</param>
public sealed record JobWork(
    long RunNo, int? ProviderNo, Instant DueAt, string Argument, Action<long, long> Progress, CancellationToken Stop);

/// <summary>How a run came out: a few words, and what it found wrong.</summary>
public sealed record JobDone(string Detail, IReadOnlyList<JobFinding> Findings, long FindingCount)
{
    public static JobDone Well { get; } = new("", [], 0);

    public static JobDone Of(string detail) => new(detail, [], 0);
}

/// <summary>Something that a run found wrong.</summary>
/// <param name="ProviderNo">Whose staff may read it; null where it is nobody's own.</param>
public sealed record JobFinding(int? ProviderNo, string Name, string Sentence);

/// <summary>How a run ended. The numbers are stored: never renumber.</summary>
public enum JobOutcome
{
    Done = 1,

    /// <summary>It ran, and found something wrong.</summary>
    Found = 2,

    /// <summary>It broke off with a failure.</summary>
    Failed = 3,
}

/// <summary>A run as it is kept.</summary>
/// <param name="Missed">How many earlier occurrences it stands for.</param>
/// <param name="AskedBy">Who started it by hand; null where its time had come or an operation asked.</param>
/// <param name="Attempt">How many nodes have begun it.</param>
public sealed record JobRun(
    long No, string Job, int? ProviderNo, string Occurrence, Instant DueAt, int Missed, string Argument,
    string? AskedBy, string? Node, int Attempt, Instant? StartedAt, Instant? EndedAt, JobOutcome? Outcome,
    string Detail, long Progress, long ProgressOf, long Findings)
{
    public bool IsRunning => StartedAt is not null && EndedAt is null;

    /// <summary>The occurrence of the one run that is started again after a failed one.</summary>
    public static string AgainAfter(long failedNo) => $"again {failedNo}";
}
