using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Ledger;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>Wires, ACH, checks and cash: recorded, approved, posted once, and at times returned (R10, R80, PAY-07).
/// </summary>
public sealed class OfflinePaymentTests
{
    static readonly Actor Sam = Actor.Named("sam@example.com");

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task TAX_CA_06_A_wire_of_a_round_sum_is_split_exactly_and_posted_once_however_often_applied(
        DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "QC");
        var id = (await Record(stage, Wire(1_000_000_000))).Value;
        Assert.Equal(0, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        var approval = await Approved(stage, id);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Apply(stage, approval))));
        await stage.Credit.Run();
        // 1000.00 ÷ 1.14975: GST 43.49, QST 86.76, and what is left.
        Assert.Equal(869_750_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal("1120-wire 1000000000, 2310 -43490000, 2320 -86760000", await stage.Sums());
        Assert.Equal([PaymentState.Settled], await stage.States());
        await Audited.Clean(stage.Test.Database, "after a wire");
    }

    [BothDatabases]
    public async Task Against_a_document_the_amount_must_be_its_total_to_the_cent(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var deposit = await stage.Start(100_000_000);
        var check = new OfflinePayment(PaymentMethod.Check, 113_010_000, "1001", Today, deposit.Id, null);
        Assert.Equal(Refusal.PaymentDiffers, (await Record(stage, check)).Refused?.Refusal);
        Assert.Equal(
            Refusal.UnknownDeposit,
            (await Record(stage, check with { Deposit = "dep_none" })).Refused?.Refusal);
        var id = (await Record(stage, check with { AmountMicros = 113_000_000 })).Value;
        await Apply(stage, await Approved(stage, id));
        Assert.Equal((DepositState.Paid, 1), await stage.Stored(deposit));
        Assert.Equal("1120-check 113000000, 2310 -13000000", await stage.Sums());
        Assert.Equal(100_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
        Assert.Equal(
            Refusal.DepositEnded,
            (await Record(stage, check with { AmountMicros = 113_000_000, Reference = "1002" })).Refused?.Refusal);
        await Audited.Clean(stage.Test.Database, "after a check");
    }

    [BothDatabases]
    public async Task A_document_that_is_paid_or_voided_before_the_second_person_decides_takes_nothing(
        DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var deposit = await stage.Start(20_000_000);
        var id = (await Record(
            stage, new OfflinePayment(PaymentMethod.Ach, deposit.Total.Micros, "a-1", Today, deposit.Id, null))).Value;
        var approval = await Approved(stage, id);
        await new VoidDeposit(stage.Test.Database, clock).Run(stage.ProviderNo, stage.AccountNo, deposit.Id, Sam);
        Assert.Equal(Refusal.DepositEnded, (await Apply(stage, approval))?.Refusal);
        Assert.Empty(await stage.States());
        // Declined, it may be recorded as what it is: a free sum.
        await stage.Test.Database.InTransaction<bool>(async (connection, transaction) =>
        {
            await OfflinePaymentStore.Declined(connection, transaction, id);
            return true;
        });
        var free = new OfflinePayment(PaymentMethod.Ach, deposit.Total.Micros, "a-1", Today, null, null);
        await Apply(stage, await Approved(stage, (await Record(stage, free)).Value));
        Assert.Equal(20_000_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
    }

    [BothDatabases]
    public async Task A_reference_is_recorded_once_for_an_account_whoever_types_it_and_how(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "AB");
        var recorded = await Task.WhenAll(Enumerable.Range(0, 5).Select(n =>
            Record(stage, Wire(50_000_000) with { Reference = n % 2 == 0 ? "fed 77ab" : "FED 77AB" })));
        Assert.Single(recorded, one => one.Accepted);
        Assert.All(
            recorded.Where(one => !one.Accepted),
            one => Assert.Equal(Refusal.PaymentKnown, one.Refused?.Refusal));
        Assert.True((await Record(stage, Wire(50_000_000) with { Reference = "fed 78" })).Accepted);
    }

    [BothDatabases]
    public async Task TAX_CA_03_The_day_on_which_it_came_decides_its_taxes(DatabaseKind kind)
    {
        clock.MoveTo(Instant.FromUtc(2025, 4, 2, 16, 0));
        await using var stage = await Stage.Open(kind, clock, "NS");
        foreach (var (day, reference) in new[] { ("2025-03-31", "a"), ("2025-04-01", "b") })
        {
            var id = (await Record(stage, Wire(115_000_000) with { Received = day, Reference = reference })).Value;
            await Apply(stage, await Approved(stage, id));
        }
        // 15 % until March, 14 % from April on.
        Assert.Equal("1120-wire 230000000, 2310 -29120000", await stage.Sums());
        Assert.Equal(200_880_000, (await stage.Desk.Wallet(stage.Account)).BalanceMicros);
    }

    [BothDatabases]
    public async Task What_cannot_be_such_a_payment_is_refused_and_nothing_waits(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        foreach (var (wrong, refusal) in new[]
        {
            (Wire(0), Refusal.AmountNotPositive),
            (Wire(15_001_000), Refusal.AmountTooFine),
            (Wire(TypedAmount.MostMicros + 10_000), Refusal.BadAmount),
            (Wire(10_000) with { Method = PaymentMethod.Card }, Refusal.MethodNotOffered),
            (Wire(10_000) with { Reference = " " }, Refusal.FieldEmpty),
            (Wire(10_000) with { Reference = new string('9', 101) }, Refusal.BadText),
            (Wire(10_000) with { Received = "2026-02-30" }, Refusal.BadDate),
            (Wire(10_000) with { Received = "31/03/2026" }, Refusal.BadDate),
            (Wire(10_000) with { Received = Day(1) }, Refusal.BadDate),
            (Wire(10_000) with { Received = Day(-367) }, Refusal.BadDate),
            (Wire(10_000) with { Wallet = "pocket" }, Refusal.UnknownAccount),
        })
            Assert.Equal(refusal, (await Record(stage, wrong)).Refused?.Refusal);
        await using var connection = await stage.Test.Database.Connect();
        Assert.Empty(await ApprovalStore.Waiting(connection, stage.ProviderNo, 0));
    }

    [BothDatabases]
    public async Task A_check_that_bounces_is_recorded_once_and_said_as_a_dispute_that_was_lost(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var id = (await Record(stage, Wire(113_000_000) with { Method = PaymentMethod.Check })).Value;
        await Apply(stage, await Approved(stage, id));
        await using var connection = await stage.Test.Database.Connect();
        var posted = (await OfflinePaymentStore.OfAccount(connection, stage.AccountNo, 5))[0];
        var record = new RecordPaymentReturn(stage.Test.Database, stage.Rules, clock);
        var bounced = new PaymentReturn(posted.PaymentId!, Today, "no funds");
        Assert.Equal(
            Refusal.UnknownPayment,
            (await record.Run(stage.ProviderNo, "x", bounced with { Payment = "pay_none" }, Sam)).Refused?.Refusal);
        var twice = await Task.WhenAll(
            record.Run(stage.ProviderNo, "a check", bounced, Sam),
            record.Run(stage.ProviderNo, "a check", bounced, Sam));
        Assert.Equal(Refusal.PaymentGone, twice.Single(one => !one.Accepted).Refused?.Refusal);
        var approval = await Approved(stage, twice.Single(one => one.Accepted).Value);
        for (var again = 0; again < 2; again++)
            Assert.Null(await new ApplyPaymentReturn(stage.Test.Database, stage.Rules, clock).Run(approval));
        Assert.Equal([PaymentState.DisputeLost], await stage.States());
        Assert.Equal(Refusal.PaymentGone, (await record.Run(
            stage.ProviderNo, "a check", bounced, Sam)).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task R10_R80_Instructions_count_from_their_day_on_in_each_language(DatabaseKind kind)
    {
        await using var stage = await Stage.Open(kind, clock, "ON");
        var save = new SavePaymentInstructions(stage.Test.Database, clock);
        var first = new PaymentInstructions(
            PaymentMethod.Wire,
            new Dictionary<Language, string>
            {
                [Language.English] = "First Bank\r\nAccount 12-34",
                [Language.French] = "Première Banque",
                [Language.Spanish] = "",
            },
            null, 0);
        Assert.True((await save.Run(stage.ProviderNo, first, Sam)).Accepted);
        Assert.Equal(
            Refusal.ChangedMeanwhile, (await save.Run(stage.ProviderNo, first, Sam)).Refused?.Refusal);
        await using var connection = await stage.Test.Database.Connect();
        var seen = (await PaymentInstructionStore.Of(connection, null, stage.ProviderNo, PaymentMethod.Wire, 9))[0].No;
        var tomorrow = clock.Now + Duration.FromDays(1);
        var next = first with
        {
            Texts = new Dictionary<Language, string> { [Language.English] = "Second Bank" },
            From = tomorrow,
            Version = seen,
        };
        Assert.True((await save.Run(stage.ProviderNo, next, Sam)).Accepted);
        Assert.Equal("First Bank\nAccount 12-34", await At(Language.English, clock.Now));
        Assert.Equal("Première Banque", await At(Language.French, clock.Now));
        Assert.Equal("First Bank\nAccount 12-34", await At(Language.Spanish, clock.Now));
        Assert.Equal("Second Bank", await At(Language.English, tomorrow));
        Assert.Null(await PaymentInstructionStore.Of(
            connection, stage.ProviderNo, PaymentMethod.Cash, Language.English, tomorrow));
        foreach (var text in new[] { new string('x', 2_001), "a\u0000b", "\ud800" })
        {
            var wrong = next with { Texts = new Dictionary<Language, string> { [Language.French] = text } };
            var refused = (await save.Run(stage.ProviderNo, wrong, Sam)).Refused;
            Assert.Equal(new Refused(Refusal.BadText, "TextFrench"), refused);
        }

        Task<string?> At(Language language, Instant at) =>
            PaymentInstructionStore.Of(connection, stage.ProviderNo, PaymentMethod.Wire, language, at);
    }

    [Fact]
    public void ACC_01_Money_without_a_gateway_is_in_transit_and_other_money_at_its_gateway()
    {
        Assert.Equal(
            ["1120-wire", "1120-ach", "1120-check", "1120-cash"],
            OfflineMethod.All.Select(method => OfflineMethod.HouseOf(OfflineMethod.GatewayOf(method))));
        Assert.Equal("1110-stripe", OfflineMethod.HouseOf("stripe"));
    }

    string Today => Day(0);

    string Day(int later) => NodaTime.Text.LocalDatePattern.Iso.Format(
        clock.Now.InZone(BillingZone.Of(PolicyPresets.All["retail-usd"].Calendar).Value).Date.PlusDays(later));

    OfflinePayment Wire(long micros) => new(PaymentMethod.Wire, micros, "fed 1", Today, null, null);

    Task<Result<string>> Record(Stage stage, OfflinePayment payment) =>
        new RecordOfflinePayment(stage.Test.Database, stage.Rules, clock).Run(
            stage.ProviderNo, stage.AccountNo, "a payment", payment, Sam);

    static async Task<Approval> Approved(Stage stage, string id)
    {
        await using var connection = await stage.Test.Database.Connect();
        return (await ApprovalStore.Find(connection, null, stage.ProviderNo, id)).Value;
    }

    Task<Refused?> Apply(Stage stage, Approval approval) =>
        new ApplyOfflinePayment(stage.Test.Database, stage.Rules, stage.Desk.Money, clock).Run(approval, Sam);
}
