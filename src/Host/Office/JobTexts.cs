using NodaTime;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Host.Jobs;
using Tollkeeper.Host.Shell;
using Tollkeeper.Jobs;

namespace Tollkeeper.Host.Office;

/// <summary>What people call a job, when it runs and how a run came out.</summary>
static class JobTexts
{
    public static (string Title, string What) Keys(string name) => name switch
    {
        Schedule.ForgetSignIns => ("jobs.forget-sign-ins", "jobs.forget-sign-ins-what"),
        Schedule.MakePartitions => ("jobs.make-partitions", "jobs.make-partitions-what"),
        Schedule.ForgetRuns => ("jobs.forget-runs", "jobs.forget-runs-what"),
        Schedule.ForgetPersonal => ("jobs.forget-personal", "jobs.forget-personal-what"),
        Schedule.AuditBooks => ("jobs.audit-books", "jobs.audit-books-what"),
        Schedule.CompareGateways => ("jobs.compare-gateways", "jobs.compare-gateways-what"),
        Schedule.VoidDeposits => ("jobs.void-deposits", "jobs.void-deposits-what"),
        Schedule.RemindOfCards => ("jobs.remind-of-cards", "jobs.remind-of-cards-what"),
        DecideDraft.CheckJob => ("jobs.deck-check", "jobs.deck-check-what"),
        CheckDraft.EffectJob => ("jobs.deck-effect", "jobs.deck-effect-what"),
        DecideDraft.ActivateJob => ("jobs.deck-activate", "jobs.deck-activate-what"),
        ActivateDraft.NoticesJob => ("jobs.deck-notices", "jobs.deck-notices-what"),
        _ => throw new InvalidOperationException($"The job {name} has no words."),
    };

    public static string When(JobRule rule, Texts texts, Locale locale)
    {
        if (rule.Period is { } period)
        {
            return period == Duration.FromHours(1)
                ? texts["jobs.hourly"]
                : texts.Format("jobs.every", Locale.Length((long)period.TotalSeconds));
        }
        return rule.At is { } at
            ? texts.Format("jobs.daily", locale.Time(at))
            : texts["jobs.on-request"];
    }

    /// <summary>The word for a run's state and the colour that goes with it.</summary>
    public static (string Key, string Colour) State(JobRun run)
    {
        if (run.Outcome is not { } outcome)
            return run.IsRunning ? ("jobs.running", "state-warn") : ("jobs.waiting", "");
        return outcome switch
        {
            JobOutcome.Done => ("jobs.done", "state-good"),
            JobOutcome.Found => ("jobs.found", "state-bad"),
            JobOutcome.Failed => ("jobs.failed", "state-bad"),
        };
    }

    /// <summary>How long a run took, or has taken so far.</summary>
    public static string Length(JobRun run, Instant now) => run.StartedAt is { } started
        ? Locale.Length((long)((run.EndedAt ?? now) - started).TotalSeconds)
        : "";
}
