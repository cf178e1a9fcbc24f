using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Jobs;

namespace Tollkeeper.Host.Jobs;

/// <summary>
/// Every job there is: its name for good, when it runs, and what it does. What a node does for itself every few seconds
/// is in <see cref="RegularTasks"/>.
/// </summary>
static class Schedule
{
    public const string ForgetSignIns = "forget-sign-ins";
    public const string MakePartitions = "make-partitions";
    public const string ForgetRuns = "forget-runs";
    public const string ForgetPersonal = "forget-personal";
    public const string AuditBooks = "audit-books";
    public const string CompareGateways = "compare-gateways";
    public const string VoidDeposits = "void-deposits";
    public const string RemindOfCards = "remind-of-cards";

    public static IReadOnlyList<Job> Of(Installation installation) =>
    [
        new(ForgetSignIns, JobRule.Every(Duration.FromHours(1)), CatchUp.AsOne, EachProvider: false, async work =>
        {
            await new ForgetOldSignIns(installation.Database, installation.Clock).Run(work.Stop);
            return JobDone.Well;
        }),
        new(MakePartitions, JobRule.Every(Duration.FromHours(1)), CatchUp.AsOne, EachProvider: false, async work =>
        {
            var now = installation.Clock.GetCurrentInstant();
            await CallPartitions.MakeAhead(installation.Database, now, work.Stop);
            return JobDone.Well;
        }),
        new(ForgetRuns, JobRule.DailyAt(new LocalTime(3, 40)), CatchUp.AsOne, EachProvider: false, async work =>
        {
            await new ForgetOldRuns(installation.Database, installation.Clock).Run(work.Stop);
            return JobDone.Well;
        }),
        new(ForgetPersonal, JobRule.DailyAt(new LocalTime(3, 50)), CatchUp.AsOne, EachProvider: true, async work =>
        {
            var (provider, now) = (work.ProviderNo!.Value, installation.Clock.GetCurrentInstant());
            var rules = installation.Rules.Providers.PolicyOf(provider, now).Value.Policy.Retention;
            var (signUps, mails) = await new ForgetPersonal(installation.Database, installation.Clock).Run(
                provider, rules, work.Stop);
            return JobDone.Of($"{signUps} sign-ups, {mails} mails");
        }),
        new(AuditBooks, JobRule.DailyAt(new LocalTime(4, 10)), CatchUp.AsOne, EachProvider: false,
            work => AuditedBooks.Run(installation, work)),
        .. OfPayments(installation),
        .. OfDecks(installation),
    ];

    /// <summary>What payments need once a day.</summary>
    static IEnumerable<Job> OfPayments(Installation installation)
    {
        yield return new(CompareGateways, JobRule.DailyAt(new LocalTime(4, 30)), CatchUp.AsOne, EachProvider: true,
            async work =>
        {
            var provider = work.ProviderNo!.Value;
            var currency = installation.Rules.Providers.ByNo(provider).Value.Currency;
            var compared = await installation.Comparison.Run(provider, currency, work.Stop);
            return compared.Refused is { } refused
                ? throw new InvalidOperationException(Refusals.Of(refused.Refusal).Name)
                : JobDone.Of($"{compared.Value.Compared} payments, {compared.Value.Open} differences open");
        });
        yield return new(VoidDeposits, JobRule.DailyAt(new LocalTime(4, 40)), CatchUp.AsOne, EachProvider: true,
            async work =>
        {
            var voided = await new VoidOldDeposits(installation.Database, installation.Rules, installation.Clock).Run(
                work.ProviderNo!.Value, work.Stop);
            return JobDone.Of($"{voided} deposits");
        });
        yield return new(RemindOfCards, JobRule.DailyAt(new LocalTime(9, 0)), CatchUp.AsOne, EachProvider: true,
            async work =>
        {
            var reminded = await new RemindOfCards(installation.Database, installation.Rules, installation.Clock).Run(
                work.ProviderNo!.Value, work.Stop);
            return JobDone.Of($"{reminded} cards");
        });
    }

    /// <summary>Steps of a deck on its way that take a while; each is asked for by the step before it.</summary>
    static IEnumerable<Job> OfDecks(Installation installation)
    {
        var (database, clock) = (installation.Database, installation.Clock);
        yield return Asked(DecideDraft.CheckJob, work => new CheckDraft(database, clock).Run(
            work.ProviderNo!.Value, work.Argument, Zone(work), work.Stop));
        yield return Asked(CheckDraft.EffectJob, work => new EstimateDraft(database, clock).Run(
            work.ProviderNo!.Value, work.Argument, Zone(work), work.Progress, work.Stop));
        yield return Asked(DecideDraft.ActivateJob, work => new ActivateDraft(
            database, clock, installation.DeckRulesOf).Run(
            work.ProviderNo!.Value, work.Argument, Zone(work), work.Progress, work.Stop));
        yield return Asked(ActivateDraft.NoticesJob, work => new TellOfDeck(database, clock).Run(
            work.ProviderNo!.Value, work.Argument, work.Progress, work.Stop));

        DateTimeZone Zone(JobWork work) => installation.ZoneOf(work.ProviderNo!.Value);

        static Job Asked(string name, Func<JobWork, Task<JobDone>> work) =>
            new(name, JobRule.OnRequest, CatchUp.OneByOne, EachProvider: true, work);
    }
}
