using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;

namespace Tollkeeper.Tests.Engine.Taxes;

/// <summary>A provider with a customer in a province.</summary>
sealed class ExemptionStage(TestDatabase test, ProvidersInForce providers, int providerNo, long accountNo, IClock clock)
    : IAsyncDisposable
{
    static readonly Actor Ana = new(null, "ana@example.com", "192.0.2.7");
    static readonly Actor Sam = new(7, "sam@example.com", "192.0.2.8");

    static readonly CertificateFile Certificate = new(
        "form.pdf", "application/pdf", [.. "%PDF-1.4 form %%EOF"u8]);

    public Database Database => test.Database;
    public int ProviderNo => providerNo;

    public static async Task<ExemptionStage> Open(DatabaseKind kind, MovableClock clock, string place)
    {
        var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var provider = await house.Provider();
        var account = await house.Account(provider, (await house.Deck(provider)).No);
        var profile = Profile.Empty with { Service = new("1 Rue", "", "Ville", place[3..], "V5K 0A1", place[..2]) };
        await test.Database.InTransaction((connection, transaction) =>
            ProfileStore.Save(connection, transaction, account.No, profile));
        var providers = new ProvidersInForce();
        await providers.Refresh(test.Database, CancellationToken.None);
        return new ExemptionStage(test, providers, provider.No, account.No, clock);
    }

    public Task<Result<KeptExemption>> Claim(ResaleClaim claim) =>
        new DeclareResale(Database, providers, clock).Run(providerNo, accountNo, claim, Ana);

    public Task<Result<KeptExemption>> Declare(string number) =>
        Claim(new ResaleClaim(number, null, true, "I resell."));

    public Task<Result<KeptExemption>> Send() => Claim(new ResaleClaim(null, Certificate, true, "I resell."));

    public Task<Result<Approval>> Review(
        KeptExemption one, bool granted, LocalDate from, LocalDate? to, string remark = "") =>
        new ReviewExemption(Database, clock).Run(
            providerNo, one.ApprovalId!, new ExemptionReview(granted, from, to, remark), Today, Sam);

    public Task<Result<KeptExemption>> Revoke(KeptExemption one, LocalDate day, string reason) =>
        new EndExemption(Database, clock).Revoke(providerNo, accountNo, one.Id, one.Version, day, reason, Sam);

    public Task<Result<KeptExemption>> Withdraw(KeptExemption one, LocalDate day) =>
        new EndExemption(Database, clock).Withdraw(providerNo, accountNo, one.Id, one.Version, day, Ana);

    public Task<Result<KeptExemption>> Record(OtherExemption wanted) =>
        new RecordExemption(Database, clock).Run(providerNo, accountNo, wanted, SalesTaxTable.Shipped, Today, Sam);

    public async Task<IReadOnlyList<KeptExemption>> All()
    {
        await using var connection = await Database.Connect();
        return await ExemptionStore.OfAccount(connection, null, accountNo);
    }

    public async Task<IReadOnlyList<TaxExemption>> ForTaxes()
    {
        await using var connection = await Database.Connect();
        return KeptExemption.Counting(
            (await DepositTaxStore.Read(connection, null, providerNo, accountNo)).Exemptions);
    }

    public async Task<IReadOnlyList<WrittenRecord>> Records() =>
        [.. (await AuditTrailStore.Page(Database, providerNo, new RecordFilter(), null, 50, default))
            .Select(record => record.Written)];

    public async Task<IReadOnlyList<ExemptionDecidedNotice>> Notices()
    {
        await using var connection = await Database.Connect();
        var rows = await connection.QueryAsync<string>(
            "select data from notice where account_no = @accountNo order by no", new { accountNo });
        return [.. rows.Select(data =>
            (ExemptionDecidedNotice)NoticeData.Read(NoticeKind.ExemptionDecided, data))];
    }

    LocalDate Today => clock.GetCurrentInstant().InUtc().Date;

    public ValueTask DisposeAsync() => test.DisposeAsync();
}
