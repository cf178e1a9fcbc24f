using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Payments;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>Deposits of who resells in British Columbia (TAX-CA-04, R39, R42, R43).</summary>
public sealed class ExemptDepositTests
{
    static readonly Actor Ana = Actor.Named("ana@example.com");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R42_An_exempt_tax_stays_on_the_deposit_with_its_reason_and_the_GST_is_charged(DatabaseKind kind)
    {
        await using var stage = await Registered(kind);
        Assert.Equal(112_000_000, (await stage.Start(100_000_000)).Total.Micros);
        await Declare(stage);
        var deposit = await stage.Start(100_000_000);
        Assert.Equal(
            [("GST", 5_000_000L, ""), ("PST", 0, "PST-1234-5678")],
            deposit.Lines.Select(line => (line.Code, line.Micros, line.ExemptBy ?? "")));
        var payment = await stage.Begin(deposit);
        await stage.Hear(payment, "e1", new PaymentSettled(clock.Now, deposit.Total));
        Assert.Equal(1, await stage.Credit.Run());
        Assert.Equal(100_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal("1110-stripe 105000000, 2310 -5000000", await stage.Sums());
    }

    [BothDatabases]
    public async Task TAX_CA_03_The_exemption_of_the_day_of_capture_decides_whenever_it_is_credited(DatabaseKind kind)
    {
        await using var stage = await Registered(kind);
        var exemption = await Declare(stage);
        var (before, after) = (await stage.Start(100_000_000), await stage.Start(100_000_000));
        var (early, late) = (await stage.Begin(before), await stage.Begin(after));
        await stage.Hear(early, "e1", new PaymentSettled(clock.Now, before.Total));
        clock.Move(Duration.FromDays(1));
        var today = clock.Now.InUtc().Date;
        Assert.True((await new EndExemption(stage.Test.Database, clock).Withdraw(
            stage.ProviderNo, stage.AccountNo, exemption.Id, 1, today, Ana)).Accepted);
        await stage.Hear(late, "e2", new PaymentSettled(clock.Now, after.Total));
        await stage.Rules.Poll();
        Assert.Equal(2, await stage.Credit.Run());
        // The one of yesterday stays exempt; of the other one what came holds both taxes: 93.75 + 4.69 + 6.56.
        Assert.Equal(193_750_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal("1110-stripe 210000000, 2310 -9690000, 2330-BC -6560000", await stage.Sums());
    }

    [BothDatabases]
    public async Task R39_A_tax_that_the_provider_is_not_registered_for_is_no_line_exempt_or_not(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "BC");
        Assert.Equal(["GST"], (await stage.Start(100_000_000)).Lines.Select(line => line.Code));
        await Declare(stage);
        Assert.Equal(["GST"], (await stage.Start(100_000_000)).Lines.Select(line => line.Code));
        await Register(stage, new LocalDate(2026, 3, 3));
        Assert.Equal(["GST"], (await stage.Start(100_000_000)).Lines.Select(line => line.Code));
        clock.Move(Duration.FromDays(1));
        await stage.Rules.Poll();
        Assert.Equal(["GST", "PST"], (await stage.Start(100_000_000)).Lines.Select(line => line.Code));
    }

    async Task<Stage> Registered(DatabaseKind kind)
    {
        var stage = await Stage.Open(kind, clock, "BC");
        await Register(stage, new LocalDate(2022, 4, 1));
        return stage;
    }

    async Task Register(Stage stage, LocalDate from) => Assert.True(
        (await new SaveTaxRegistration(stage.Test.Database, clock).Run(
            stage.ProviderNo, new TaxRegistration(TaxRegister.BcPst, "PST-1234-5678", from, null), Ana)).Accepted);

    async Task<KeptExemption> Declare(Stage stage)
    {
        var declared = await new DeclareResale(stage.Test.Database, stage.Rules.Providers, clock).Run(
            stage.ProviderNo, stage.AccountNo, new ResaleClaim("PST-1234-5678", null, true, "I resell."), Ana);
        Assert.True(declared.Accepted, $"{declared.Refused}");
        return declared.Value;
    }
}
