using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace Tollkeeper.Host.Jobs;

/// <summary>
/// Quartz, which only ticks: one trigger, kept in the same database, that one of all nodes answers every few seconds.
/// What is due, by which zone, and what became of it is ours (<see cref="Tollkeeper.Engine.Jobs.RunJobs"/>).
/// </summary>
static class Ticking
{
    /// <summary>Each costs three small transactions.</summary>
    static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(5);

    const int Connections = 4;

    public static void Add(IServiceCollection services, Installation installation)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler => scheduler.InstanceName = "tollkeeper");
            // The machine's clock, whatever clock the decisions go by.
            quartz.UseTimeProvider(Services.Time);
            quartz.UseDefaultThreadPool(maxConcurrency: 1);
            quartz.UsePersistentStore(store => Keep(store, installation));
            quartz.ScheduleJob<Tick>(
                trigger => trigger.WithIdentity("tick").StartNow()
                    .WithSimpleSchedule(every => every.WithInterval(Between).RepeatForever()),
                job => job.WithIdentity("tick"));
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
    }

    static void Keep(IPersistentStoreBuilder store, Installation installation)
    {
        var database = installation.Database;
        if (!database.IsPostgres)
        {
            store.UseSqlite(SqliteFactory.Instance, new SqliteConnectionStringBuilder
            {
                DataSource = database.SqlitePath,
                ForeignKeys = true,
            }.ToString());
            return;
        }
        var settings = new NpgsqlConnectionStringBuilder(installation.Settings.Database)
        {
            MaxPoolSize = Connections,
            MinPoolSize = 0,
        };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) is true)
            settings["Target Session Attributes"] = "primary";
        store.UsePostgres(NpgsqlFactory.Instance, settings.ConnectionString);
        store.UseClustering(cluster => cluster.CheckinInterval = CheckIn);
    }

    [DisallowConcurrentExecution]
    sealed class Tick(Installation installation) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await installation.Jobs.Tick(cancellationToken);
    }
}
