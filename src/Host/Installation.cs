using Microsoft.Extensions.Logging;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Host.Jobs;
using Tollkeeper.Host.Notifications;
using Tollkeeper.Host.Payments;
using Tollkeeper.Host.SignIn;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Host;

/// <summary>
/// Everything of Tollkeeper over one database, put together: what commands, the API and the jobs work with.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    readonly KeyFile? keyFile;
    readonly GatewaysInForce? gateways;

    Installation(
        Settings settings, Database database, RulesInForce rules, KeyFile? keyFile, IClock clock, ILoggerFactory logs)
    {
        (Settings, Database, Rules, Clock) = (settings, database, rules, clock);
        this.keyFile = keyFile;
        Records = new AuditRecords(database, clock);
        Bookkeeper = new Bookkeeper(database, clock, ZoneOf, logs.CreateLogger<Bookkeeper>());
        var prices = new CallPrices((no, at) => rules.Decks.Find(no, at), () => rules.Numbering, () => rules.Factors);
        Authorize = new AuthorizeCall(Bookkeeper, rules.Providers, rules.Accounts, rules.Switches, prices, clock);
        Renew = new RenewCall(Bookkeeper, rules.Providers, clock);
        End = new EndCall(Bookkeeper, rules.Providers, clock);
        Import = new ImportCall(Bookkeeper, rules.Providers, rules.Accounts, rules.Switches, prices, clock);
        Query = new ChargeQuery(Bookkeeper, rules.Providers, rules.Accounts, clock);
        Expire = new ExpireHolds(database, Bookkeeper, clock);
        Money = new PostMoney(Bookkeeper);
        CreditLimit = new SetCreditLimit(Bookkeeper);
        AlertThreshold = new SetAlertThreshold(Bookkeeper);
        Reverse = new ReverseEntry(Bookkeeper);
        Calls = new FindCalls(database, clock);
        Receipts = new FindReceipt(database);
        OpenHolds = new OpenHolds(database);
        Summaries = new SummarizeAccount(database, rules.Providers, OpenHolds, clock);
        var log = logs.CreateLogger<LiveAccounts>();
        Live = new LiveAccounts(database, rules.Providers, clock, failure => HostLog.LiveNotRead(log, failure));
        // This machine's clock, whatever clock the decisions go by.
        DatabaseClock = new DatabaseClock(database, Services.Clock);
        Jobs = new RunJobs(database, clock, Schedule.Of(this), Zones, logs.CreateLogger<RunJobs>());
        StartJob = new StartJob(database, clock, Jobs);
        UploadDeck = new UploadDeck(database, clock);
        Drafts = new DecideDraft(database, clock, DeckRulesOf);
        Credit = new CreditPayments(database, rules, Money, clock);
        AutomaticBilling = new RunAutomaticBilling(database, rules, Bookkeeper, clock);
        if (keyFile is not null) gateways = new GatewaysInForce(
            database, keyFile, (kind, secrets) => GatewayMaking.Make(kind, secrets, SandboxOrigin, clock));
    }

    public Settings Settings { get; }
    public Database Database { get; }
    public RulesInForce Rules { get; }
    public IClock Clock { get; }
    public Bookkeeper Bookkeeper { get; }
    public AuthorizeCall Authorize { get; }
    public RenewCall Renew { get; }
    public EndCall End { get; }
    public ImportCall Import { get; }
    public ChargeQuery Query { get; }
    public ExpireHolds Expire { get; }
    public PostMoney Money { get; }
    public SetCreditLimit CreditLimit { get; }
    public SetAlertThreshold AlertThreshold { get; }
    public ReverseEntry Reverse { get; }
    public FindCalls Calls { get; }
    public FindReceipt Receipts { get; }
    public OpenHolds OpenHolds { get; }
    public SummarizeAccount Summaries { get; }
    public LiveAccounts Live { get; }
    public DatabaseClock DatabaseClock { get; }
    public AuditRecords Records { get; }
    public RunJobs Jobs { get; }
    public StartJob StartJob { get; }
    public UploadDeck UploadDeck { get; }
    public DecideDraft Drafts { get; }
    public CreditPayments Credit { get; }
    public RunAutomaticBilling AutomaticBilling { get; }
    public CompareGateways Comparison => new(Database, Gateways, Clock);
    public RefundDeposit Refunds => new(Database, Rules, Gateways, Money, Reverse, Clock);
    public BookDisputes Disputes => new(Database, Rules, Money, Reverse, Clock);
    public AdvancePayments Payments => new(Database, Rules, Gateways, Clock);
    public TakeCards Cards => new(Database, Rules, Gateways, Clock);
    public OpenPaymentPage PaymentPages => new(Database, Rules, Gateways, Clock);
    public OpenCardPage CardPages => new(Database, Rules, Gateways, Clock);

    /// <summary>Where the sandbox gateway listens; null where none is served.</summary>
    public Uri? SandboxOrigin { get; set; }

    /// <summary>The gateways that providers use; only what serves has the key to their secrets.</summary>
    public GatewaysInForce Gateways
    {
        get
        {
            Demand.That(gateways is not null, "an installation that serves has its key file");
            return gateways;
        }
    }

    /// <summary>The secret beside the database; only what serves has it.</summary>
    public KeyFile KeyFile
    {
        get
        {
            Demand.That(keyFile is not null, "an installation that serves has its key file");
            return keyFile;
        }
    }

    /// <summary>
    /// Opens the database, brings its schema up to date or refuses, and reads the rules; with
    /// <paramref name="serving"/> keeps them fresh from then on.
    /// </summary>
    public static async Task<Result<Installation>> Open(
        Settings settings, IClock clock, ILoggerFactory logs, bool serving, CancellationToken ct = default)
    {
        if (serving && Proxies.Read(settings.Proxies).Refused is { } badProxies) return badProxies;
        if (serving && PublicUrl.Problem(settings.PublicUrl) is { } badUrl) return badUrl;
        if (serving && SmtpSettings.Read(settings).Refused is { } badSmtp) return badSmtp;
        var opened = await OpenDatabase(settings, clock, ct);
        if (opened.Refused is { } refused) return refused;
        var database = opened.Value;
        var key = serving ? await OpenKeyFile(settings, database, ct) : (Result<KeyFile?>)(KeyFile?)null;
        if (key.Refused is { } noKey)
        {
            await database.DisposeAsync();
            return noKey;
        }
        await CallPartitions.MakeAhead(database, clock.GetCurrentInstant(), ct);
        var log = logs.CreateLogger<RulesInForce>();
        var rules = serving
            ? await RulesInForce.Start(database, clock, failure => HostLog.RulesNotRead(log, failure), ct)
            : await RulesInForce.Load(database, clock, failure => HostLog.RulesNotRead(log, failure), ct);
        await rules.DecksAreBuilt();
        return new Installation(settings, database, rules, key.Value, clock, logs);
    }

    static async Task<Result<KeyFile?>> OpenKeyFile(Settings settings, Database database, CancellationToken ct)
    {
        var file = KeyFile.Open(settings.KeyFile, settings.DataFolder);
        if (file.Refused is { } unreadable) return unreadable;
        var proven = await new ProveKeyFile(database).Run(file.Value, ct);
        return proven.Refused is { } differs ? differs : proven.Value;
    }

    /// <summary>
    /// The database alone, its schema brought up to date or refused, with the shipped tax factors in it.
    /// </summary>
    public static async Task<Result<Database>> OpenDatabase(Settings settings, IClock clock, CancellationToken ct)
    {
        var database = Database.Open(settings.Database, settings.DataFolder);
        var mode = settings.CheckSchemaOnly ? MigrateMode.Check : MigrateMode.Auto;
        var schema = await new Migrator(database, clock).Run(mode, ct);
        if (schema.Refused is { } refused)
        {
            await database.DisposeAsync();
            return refused;
        }
        await new SeedTaxes(database, clock).Run(ct);
        return database;
    }

    /// <summary>
    /// Why nothing of money can be decided now: the database does not answer, or this machine's clock is not its.
    /// </summary>
    public Refusal? Unable
    {
        get
        {
            if (Rules.IsStale) return Refusal.DatabaseAway;
            return DatabaseClock.IsSkewed ? Refusal.ClockSkewed : null;
        }
    }

    /// <summary>The zone of a provider's days now.</summary>
    internal DateTimeZone ZoneOf(int providerNo) => BillingZone.Of(PolicyOf(providerNo).Calendar).Value;

    /// <summary>A provider's rules about its decks now.</summary>
    internal RateDeckRules DeckRulesOf(int providerNo) => PolicyOf(providerNo).RateDecks;

    Policy PolicyOf(int providerNo)
    {
        var policy = Rules.Providers.PolicyOf(providerNo, Clock.GetCurrentInstant());
        Demand.That(policy.Accepted, "a provider has a policy");
        return policy.Value.Policy;
    }

    IEnumerable<(int ProviderNo, DateTimeZone Zone)> Zones() =>
        Rules.Providers.All.Select(provider => (provider.No, ZoneOf(provider.No)));

    public async ValueTask DisposeAsync()
    {
        await Jobs.DisposeAsync();
        await Bookkeeper.DisposeAsync();
        await Live.DisposeAsync();
        Calls.Dispose();
        Records.Dispose();
        await Rules.DisposeAsync();
        await Database.DisposeAsync();
    }
}

static partial class HostLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not say what has changed; asking again.")]
    public static partial void RulesNotRead(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The database did not say what open pages show; they stand still until it does.")]
    public static partial void LiveNotRead(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A regular task failed; it comes again.")]
    public static partial void TaskFailed(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Count} calls never ended; their money and channels are free again.")]
    public static partial void HoldsExpired(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "This machine's clock is {Milliseconds} ms from the database's; calls are not let through.")]
    public static partial void ClockSkewed(ILogger log, long milliseconds);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Payment {Payment} has settled and cannot be credited: {Refusal}. It is tried again.")]
    public static partial void NotCredited(ILogger log, string payment, string refusal);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Payment {Payment} could not be taken on: {Refusal}. The gateway is asked again.")]
    public static partial void NotAdvanced(ILogger log, string payment, string refusal);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Dispute {Dispute} could not be booked: {Refusal}. It is tried again.")]
    public static partial void NotBooked(ILogger log, string dispute, string refusal);

    [LoggerMessage(Level = LogLevel.Error, Message = "A mail could not be written.")]
    public static partial void MailNotWritten(ILogger log, Exception? exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed; reference {Reference}.")]
    public static partial void RequestFailed(ILogger log, Exception exception, string reference);
}
