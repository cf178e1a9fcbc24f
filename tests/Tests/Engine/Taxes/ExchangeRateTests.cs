using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Engine.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Taxes;

/// <summary>Exchange rates with their sources, and what a return in CAD says of a deposit in USD (TAX-CA-08).</summary>
public sealed class ExchangeRateTests
{
    static readonly Actor Olga = Actor.Named("olga@example.com");
    static readonly LocalDate Today = new(2026, 3, 2);
    static readonly ExchangeRate Rate = new(Currency.Usd, Currency.Cad, Today, 137_125_000, "Bank of Canada", "");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task TAX_CA_08_A_rate_is_entered_with_its_source_and_another_takes_its_place_on_record(
        DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (provider, other) = (await house.Provider(), await house.Provider("retail-cad"));
        var save = new SaveExchangeRate(test.Database, clock);
        Assert.True((await save.Run(provider.No, Rate, Today, Olga)).Accepted);
        var better = Rate with { RateE8 = 137_250_000 };
        Assert.Equal(
            new Refused(Refusal.ExchangeRateStands, "Remark"),
            (await save.Run(provider.No, better, Today, Olga)).Refused);
        better = better with { Remark = "Read the wrong line" };
        Assert.True((await save.Run(provider.No, better, Today, Olga)).Accepted);
        await using var connection = await test.Database.Connect();
        Assert.Equal(better, (await On(Today)).Value);
        Assert.Equal(better, (await On(Today.PlusDays(7))).Value);
        Assert.Equal(Refusal.ExchangeRateMissing, (await On(Today.PlusDays(8))).Refused?.Refusal);
        Assert.Equal(Refusal.ExchangeRateMissing, (await On(Today.PlusDays(-1))).Refused?.Refusal);
        Assert.Equal(
            Refusal.ExchangeRateMissing,
            (await ExchangeRateStore.On(connection, null, other.No, Currency.Usd, Currency.Cad, Today))
                .Refused?.Refusal);
        var page = await ExchangeRateStore.Page(connection, provider.No, null);
        Assert.Equal([(better, false), (Rate, true)], page.Select(one => (one.Rate, one.Superseded)));
        var records = await AuditTrailStore.Page(test.Database, provider.No, new RecordFilter(), null, 10, default);
        Assert.Equal(
            ("USD/CAD 2026-03-02", "1.37125000, Bank of Canada", "1.37250000, Bank of Canada (Read the wrong line)"),
            (records[0].Written.Subject, records[0].Written.Before, records[0].Written.After));

        Task<Result<ExchangeRate>> On(LocalDate day) =>
            ExchangeRateStore.On(connection, null, provider.No, Currency.Usd, Currency.Cad, day);
    }

    [BothDatabases]
    public async Task Nonsense_is_refused_at_its_field_and_nothing_is_written(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var save = new SaveExchangeRate(test.Database, clock);
        foreach (var (wrong, refusal) in new[]
        {
            (Rate with { RateE8 = 0 }, Refusal.BadExchangeRate),
            (Rate with { RateE8 = -137_125_000 }, Refusal.BadExchangeRate),
            (Rate with { RateE8 = long.MaxValue }, Refusal.BadExchangeRate),
            (Rate with { RateE8 = 1 }, Refusal.BadExchangeRate),
            (Rate with { To = Currency.Usd }, Refusal.CurrencyMismatch),
            (Rate with { Day = Today.PlusDays(1) }, Refusal.DateAhead),
            (Rate with { Day = new(1999, 1, 1) }, Refusal.BadDate),
            (Rate with { Source = "" }, Refusal.FieldEmpty),
            (Rate with { Source = "a\u0001" }, Refusal.BadText),
            (Rate with { Remark = new string('x', 201) }, Refusal.BadText),
        })
            Assert.Equal((wrong, refusal), (wrong, (await save.Run(provider.No, wrong, Today, Olga)).Refused?.Refusal));
        await using (var connection = await test.Database.Connect())
            Assert.Empty(await ExchangeRateStore.Page(connection, provider.No, null));
        Assert.True((await save.Run(provider.No, Rate with { Day = Today.PlusDays(-3) }, Today, Olga)).Accepted);
        // The other direction's rate, by mistake.
        var odd = Rate with { RateE8 = 72_926_163 };
        Assert.Equal(Refusal.ExchangeRateOdd, (await save.Run(provider.No, odd, Today, Olga)).Refused?.Refusal);
        Assert.True((await save.Run(provider.No, odd with { Remark = "It fell" }, Today, Olga)).Accepted);
    }

    [BothDatabases]
    public async Task Of_eight_who_enter_a_day_at_once_one_does(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var entered = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            new SaveExchangeRate(test.Database, clock).Run(provider.No, Rate, Today, Olga)));
        Assert.Single(entered, one => one.Accepted);
    }

    [BothDatabases]
    public async Task TAX_CA_08_A_missing_rate_stops_the_return_and_never_the_deposit(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "QC");
        var deposit = await stage.Start(100_000_000);
        var convert = new ConvertDeposit(stage.Test.Database);
        Assert.Equal(Refusal.ExchangeRateMissing, (await Asked()).Refused?.Refusal);
        Assert.True((await new SaveExchangeRate(stage.Test.Database, clock).Run(
            stage.ProviderNo, Rate with { Day = Today.PlusDays(-2) }, Today, Olga)).Accepted);
        var converted = (await Asked()).Value;
        // 137.125 is 137.13; 5 % of it 6.8565 is 6.86; 9.975 % of it 13.6787 is 13.68.
        Assert.Equal("137.130000 CAD", $"{converted.Base}");
        Assert.Equal(["6.860000 CAD", "13.680000 CAD"], converted.Lines.Select(line => $"{line.Amount}"));
        Assert.Equal(("20.540000 CAD", Today.PlusDays(-2)), ($"{converted.Tax}", converted.Rate?.Day));
        var own = (await convert.Run(stage.ProviderNo, stage.AccountNo, deposit.Id, Currency.Usd)).Value;
        Assert.Equal((deposit.Base, null), (own.Base, own.Rate));
        Assert.Equal(
            Refusal.UnknownDeposit,
            (await convert.Run(stage.ProviderNo, stage.AccountNo, "dep_none", Currency.Cad)).Refused?.Refusal);

        Task<Result<Tollkeeper.Payments.ConvertedDeposit>> Asked() =>
            convert.Run(stage.ProviderNo, stage.AccountNo, deposit.Id, Currency.Cad);
    }
}
