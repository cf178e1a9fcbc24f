using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Jobs;

namespace Tollkeeper.Engine.Jobs;

/// <summary>How far jobs have come, and their runs; provider 0 is the whole installation.</summary>
public static class JobStore
{
    const string RunColumns =
        """
        no, job, provider_no, occurrence, due_at_micros, missed, argument, asked_by, node, attempt, started_at_micros,
        ended_at_micros, outcome, detail, progress, progress_of, findings
        """;

    /// <summary>How far every job has come, by its name and provider.</summary>
    public static async Task<IReadOnlyDictionary<(string Name, int ProviderNo), JobCursor>> Cursors(
        DbConnection connection, CancellationToken ct = default) =>
        (await connection.QueryAsync<CursorRow>(new CommandDefinition(
            "select name, provider_no, since_at_micros, last_occurrence from job", cancellationToken: ct)))
        .ToDictionary(
            row => (row.Name, row.ProviderNo),
            row => new JobCursor(Instants.FromMicros(row.SinceAtMicros), row.LastOccurrence));

    /// <summary>A job that is seen for the first time: nothing before this is due.</summary>
    public static Task Begin(
        DbConnection connection, DbTransaction transaction, string name, int? providerNo, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into job (name, provider_no, since_at_micros) values (@name, @provider, @now)
            on conflict do nothing
            """,
            new { name, provider = providerNo ?? 0, now = now.ToMicros() }, transaction);

    /// <summary>False when another node was there before: the cursor is no longer where it was read.</summary>
    public static async Task<bool> Move(
        DbConnection connection, DbTransaction transaction, string name, int? providerNo, string? from, string to) =>
        await connection.ExecuteAsync(
            """
            update job set last_occurrence = @to
            where name = @name and provider_no = @provider and coalesce(last_occurrence, '') = @from
            """,
            new { name, provider = providerNo ?? 0, from = from ?? "", to }, transaction) == 1;

    /// <summary>One more run that waits for a node; null where there is one for this occurrence.</summary>
    public static Task<long?> Insert(
        DbConnection connection, DbTransaction transaction, string job, int? providerNo, Occurrence occurrence,
        int missed = 0, string argument = "", string? askedBy = null) =>
        connection.ExecuteScalarAsync<long?>(
            """
            insert into job_run (
              job, provider_no, occurrence, due_at_micros, missed, argument, asked_by, attempt, detail, progress,
              progress_of, findings)
            values (@job, @providerNo, @key, @due, @missed, @argument, @askedBy, 0, '', 0, 0, 0)
            on conflict do nothing returning no
            """,
            new { job, providerNo, key = occurrence.Key, due = occurrence.At.ToMicros(), missed, argument, askedBy },
            transaction);

    /// <summary>Asks for a run in the transaction of what makes it necessary; a key asks once.</summary>
    public static async Task Ask(
        DbConnection connection, DbTransaction transaction, string job, int providerNo, string key, string argument,
        Instant now)
    {
        await Begin(connection, transaction, job, providerNo, now);
        await Insert(connection, transaction, job, providerNo, new Occurrence(key, now), argument: argument);
    }

    /// <summary>The runs that have not ended, oldest first.</summary>
    public static async Task<IReadOnlyList<(JobRun Run, Instant? LeaseUntil)>> Open(
        DbConnection connection, DbTransaction? transaction = null, CancellationToken ct = default) =>
        [.. (await connection.QueryAsync<RunRow>(new CommandDefinition(
            $"select {RunColumns}, lease_until_at_micros from job_run where ended_at_micros is null order by no",
            transaction: transaction, cancellationToken: ct)))
            .Select(row => (row.ToRun(), Instants.FromMicros(row.LeaseUntilAtMicros)))];

    /// <summary>
    /// Whoever has the job's row decides which of its runs begins; it is given back at the end of the transaction.
    /// </summary>
    public static Task Lock(DbConnection connection, DbTransaction transaction, string name, int? providerNo) =>
        connection.ExecuteAsync(
            "update job set name = name where name = @name and provider_no = @provider",
            new { name, provider = providerNo ?? 0 }, transaction);

    /// <summary>False when another node has it, or another run of the same job goes on.</summary>
    public static async Task<bool> Take(
        DbConnection connection, DbTransaction transaction, JobRun run, string node, Instant now, Instant until) =>
        await connection.ExecuteAsync(
            """
            update job_run set node = @node, attempt = attempt + 1, lease_until_at_micros = @until,
              started_at_micros = coalesce(started_at_micros, @now)
            where no = @No and ended_at_micros is null
              and (lease_until_at_micros is null or lease_until_at_micros < @now)
              and not exists (
                select 1 from job_run other where other.job = @Job and other.no <> @No
                  and other.ended_at_micros is null and other.lease_until_at_micros >= @now
                  and coalesce(other.provider_no, 0) = @provider)
            """,
            new
            {
                run.No,
                run.Job,
                provider = run.ProviderNo ?? 0,
                node,
                now = now.ToMicros(),
                until = until.ToMicros(),
            },
            transaction) == 1;

    /// <summary>The run goes on, so far; false when it is no longer this node's.</summary>
    public static async Task<bool> Renew(
        DbConnection connection, DbTransaction transaction, JobRun run, string node, Instant until, long progress,
        long progressOf) =>
        await connection.ExecuteAsync(
            """
            update job_run set lease_until_at_micros = @until, progress = @progress, progress_of = @progressOf
            where no = @No and node = @node and attempt = @Attempt and ended_at_micros is null
            """,
            new { run.No, run.Attempt, node, until = until.ToMicros(), progress, progressOf }, transaction) == 1;

    /// <summary>Broken off: it waits for a node again.</summary>
    public static Task Release(DbConnection connection, DbTransaction transaction, JobRun run, string node) =>
        connection.ExecuteAsync(
            """
            update job_run set node = null, lease_until_at_micros = null, started_at_micros = null,
              attempt = attempt - 1
            where no = @No and node = @node and attempt = @Attempt and ended_at_micros is null
            """,
            new { run.No, run.Attempt, node }, transaction);

    /// <summary>How a run came out; false when it is no longer this node's.</summary>
    public static async Task<bool> End(
        DbConnection connection, DbTransaction transaction, JobRun run, string node, Instant now, JobOutcome outcome,
        JobDone done)
    {
        var ended = await connection.ExecuteAsync(
            """
            update job_run set ended_at_micros = @now, outcome = @outcome, detail = @Detail, findings = @FindingCount
            where no = @No and node = @node and attempt = @Attempt and ended_at_micros is null
            """,
            new
            {
                run.No,
                run.Attempt,
                node,
                now = now.ToMicros(),
                outcome = (short)outcome,
                done.Detail,
                done.FindingCount,
            },
            transaction);
        if (ended == 0) return false;
        await connection.ExecuteAsync(
            """
            insert into job_finding (run_no, n, provider_no, name, sentence)
            values (@No, @n, @ProviderNo, @Name, @Sentence)
            """,
            done.Findings.Select((finding, n) =>
                new { run.No, n, finding.ProviderNo, finding.Name, finding.Sentence }),
            transaction);
        return true;
    }

    /// <summary>A job's runs that a provider's staff may see, newest first, before a number.</summary>
    public static async Task<IReadOnlyList<JobRun>> Page(
        DbConnection connection, string job, int providerNo, long before, int most, CancellationToken ct) =>
        [.. (await connection.QueryAsync<RunRow>(new CommandDefinition(
            $"""
            select {RunColumns} from job_run
            where job = @job and no < @before and (provider_no is null or provider_no = @providerNo)
            order by no desc limit @most
            """,
            new { job, providerNo, before, most }, cancellationToken: ct))).Select(row => row.ToRun())];

    /// <summary>The newest run of each of some jobs that a provider's staff may see.</summary>
    public static async Task<IReadOnlyDictionary<string, JobRun>> Newest(
        DbConnection connection, IEnumerable<string> jobs, int providerNo, CancellationToken ct)
    {
        var newest = new Dictionary<string, JobRun>(StringComparer.Ordinal);
        foreach (var job in jobs)
            if (await Page(connection, job, providerNo, long.MaxValue, 1, ct) is [var run]) newest.Add(job, run);
        return newest;
    }

    public static async Task<JobRun?> Find(
        DbConnection connection, string job, int providerNo, long no, CancellationToken ct) =>
        no < long.MaxValue && await Page(connection, job, providerNo, no + 1, 1, ct) is [var run] && run.No == no
            ? run
            : null;

    /// <summary>The run that was started again after a failed one.</summary>
    public static Task<long?> RepeatOf(
        DbConnection connection, JobRun failed, DbTransaction? transaction = null, CancellationToken ct = default) =>
        connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            """
            select no from job_run
            where job = @Job and coalesce(provider_no, 0) = @provider and occurrence = @occurrence
            """,
            new { failed.Job, provider = failed.ProviderNo ?? 0, occurrence = JobRun.AgainAfter(failed.No) },
            transaction, cancellationToken: ct));

    /// <summary>What a run found, as far as a provider's staff may read it, after a number.</summary>
    public static async Task<IReadOnlyList<(int N, JobFinding Finding)>> Findings(
        DbConnection connection, long runNo, int providerNo, int after, int most, CancellationToken ct) =>
        [.. (await connection.QueryAsync<FindingRow>(new CommandDefinition(
            """
            select n, provider_no, name, sentence from job_finding
            where run_no = @runNo and n > @after and provider_no = @providerNo order by n limit @most
            """,
            new { runNo, providerNo, after, most }, cancellationToken: ct)))
            .Select(row => (row.N, new JobFinding(row.ProviderNo, row.Name, row.Sentence)))];

    /// <summary>Removes runs that ended before an instant, but no job's newest; some at a time.</summary>
    public static async Task<int> ForgetBefore(
        DbConnection connection, DbTransaction transaction, Instant before, int most)
    {
        const string old =
            """
            select r.no from job_run r where r.ended_at_micros < @before and exists (
              select 1 from job_run later where later.job = r.job and later.no > r.no
                and coalesce(later.provider_no, 0) = coalesce(r.provider_no, 0))
            order by r.no limit @most
            """;
        var given = new { before = before.ToMicros(), most };
        await connection.ExecuteAsync($"delete from job_finding where run_no in ({old})", given, transaction);
        return await connection.ExecuteAsync($"delete from job_run where no in ({old})", given, transaction);
    }

    sealed class CursorRow
    {
        public string Name { get; init; } = "";
        public int ProviderNo { get; init; }
        public long SinceAtMicros { get; init; }
        public string? LastOccurrence { get; init; }
    }

    sealed class FindingRow
    {
        public int N { get; init; }
        public int? ProviderNo { get; init; }
        public string Name { get; init; } = "";
        public string Sentence { get; init; } = "";
    }

    sealed class RunRow
    {
        public long No { get; init; }
        public string Job { get; init; } = "";
        public int? ProviderNo { get; init; }
        public string Occurrence { get; init; } = "";
        public long DueAtMicros { get; init; }
        public int Missed { get; init; }
        public string Argument { get; init; } = "";
        public string? AskedBy { get; init; }
        public string? Node { get; init; }
        public int Attempt { get; init; }
        public long? StartedAtMicros { get; init; }
        public long? LeaseUntilAtMicros { get; init; }
        public long? EndedAtMicros { get; init; }
        public short? Outcome { get; init; }
        public string Detail { get; init; } = "";
        public long Progress { get; init; }
        public long ProgressOf { get; init; }
        public long Findings { get; init; }

        public JobRun ToRun() => new(
            No, Job, ProviderNo, Occurrence, Instants.FromMicros(DueAtMicros), Missed, Argument, AskedBy, Node, Attempt,
            Instants.FromMicros(StartedAtMicros), Instants.FromMicros(EndedAtMicros), (JobOutcome?)Outcome, Detail,
            Progress, ProgressOf, Findings);
    }
}
