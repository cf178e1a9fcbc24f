using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Engine.Taxes;

public sealed class TaxRegistrationTests
{
    static readonly TaxRegistration Pst = new(TaxRegister.BcPst, "pst-1234-5678", new(2022, 4, 1), null);
    static readonly Actor Olga = Actor.Named("olga@example.com");
    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R39_A_registration_is_entered_in_one_form_and_the_next_ends_it(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var house = new House(test.Database, clock);
        var (provider, other) = (await house.Provider(), await house.Provider("retail-cad"));
        var save = new SaveTaxRegistration(test.Database, clock);
        Assert.Equal("PST-1234-5678", (await save.Run(provider.No, Pst, Olga)).Value.Number);
        var next = Pst with { Number = "PST-8765-4321", From = new(2027, 1, 1) };
        Assert.True((await save.Run(provider.No, next, Olga)).Accepted);
        await using var connection = await test.Database.Connect();
        var kept = await TaxRegistrationStore.Read(connection, null, provider.No);
        Assert.Equal(
            [new(TaxRegister.BcPst, "PST-1234-5678", new(2022, 4, 1), new(2026, 12, 31)), next], kept.All);
        Assert.Empty((await TaxRegistrationStore.Read(connection, null, other.No)).All);
        var records = await AuditTrailStore.Page(test.Database, provider.No, new RecordFilter(), null, 10, default);
        Assert.Equal(
            ("PST-1234-5678 from 2022-04-01", "PST-8765-4321 from 2027-01-01", "olga@example.com"),
            (records[0].Written.Before, records[0].Written.After, records[0].Written.Details));
    }

    [BothDatabases]
    public async Task What_overlaps_or_has_no_form_is_refused_and_nothing_is_written(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var save = new SaveTaxRegistration(test.Database, clock);
        Assert.True((await save.Run(provider.No, Pst with { To = new(2026, 6, 30) }, Olga)).Accepted);
        foreach (var (wrong, refusal) in new[]
        {
            (Pst with { From = new(2026, 6, 30) }, Refusal.AlreadyExists),
            (Pst with { From = new(2020, 1, 1) }, Refusal.AlreadyExists),
            (Pst with { Number = "PST-12345678" }, Refusal.BadTaxNumber),
            (Pst with { Number = "<script>" }, Refusal.BadTaxNumber),
            (new TaxRegistration(TaxRegister.GstHst, "123456789RT0001", new(2020, 1, 1), null), Refusal.BadTaxNumber),
            (Pst with { From = new(2027, 1, 2), To = new(2027, 1, 1) }, Refusal.DatesReversed),
        })
            Assert.Equal((wrong, refusal), (wrong, (await save.Run(provider.No, wrong, Olga)).Refused?.Refusal));
        await using var connection = await test.Database.Connect();
        Assert.Single((await TaxRegistrationStore.Read(connection, null, provider.No)).All);
        Assert.True((await save.Run(provider.No, Pst with { From = new(2026, 7, 1) }, Olga)).Accepted);
    }

    [BothDatabases]
    public async Task Of_eight_who_enter_the_same_at_once_one_does(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        var provider = await new House(test.Database, clock).Provider();
        var entered = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            new SaveTaxRegistration(test.Database, clock).Run(provider.No, Pst, Olga)));
        Assert.Single(entered, one => one.Accepted);
        Assert.All(entered, one => Assert.True(one.Accepted || one.Refused?.Refusal == Refusal.AlreadyExists));
    }
}
