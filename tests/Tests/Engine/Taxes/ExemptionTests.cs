using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;
using Xunit;

namespace Tollkeeper.Tests.Engine.Taxes;

/// <summary>Exemptions on file, from what a customer declares to their end (TAX-CA-04, R40–R46).</summary>
public sealed class ExemptionTests
{
    static readonly Actor Ana = new(null, "ana@example.com", "192.0.2.7");
    static readonly Actor Sam = new(7, "sam@example.com", "192.0.2.8");
    static readonly LocalDate Today = new(2026, 3, 2);

    static readonly CertificateFile Certificate = new(
        "form.pdf", "application/pdf", [.. "%PDF-1.4 form %%EOF"u8]);

    readonly MovableClock clock = new();

    [BothDatabases]
    public async Task R42_A_declared_number_counts_at_once_and_is_on_record_with_what_was_declared(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-BC");
        var declared = await stage.Declare("pst-1234-5678 ");
        Assert.True(declared.Accepted, $"{declared.Refused}");
        var kept = Assert.Single(await stage.All());
        Assert.Equal(declared.Value, kept);
        Assert.Equal(
            new TaxExemption("CA-BC", "PST-1234-5678", null, true, ExemptionStatus.Active, Today, null), kept.Terms);
        Assert.Equal(new Declaration(1, "I resell.", Ana, clock.Now), kept.Declared);
        Assert.Equal(["PST-1234-5678"], (await stage.ForTaxes()).Select(one => one.Number));
        var record = (await stage.Records())[0];
        Assert.Equal(("exemption_asked", kept.Id, "192.0.2.7"), (record.Act, record.Subject, record.Address));
        Assert.Equal("CA-BC PST-1234-5678, 2026-03-02 to, declaration 1, Active", record.After);
    }

    [BothDatabases]
    public async Task What_is_no_declaration_is_refused_and_nothing_is_written(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-MB");
        Assert.Equal(Refusal.BadTaxNumber, (await stage.Declare("PST-1234-5678")).Refused?.Refusal);
        Assert.Equal(
            Refusal.NotDeclared, (await stage.Claim(new ResaleClaim("1234567", null, false, "x"))).Refused?.Refusal);
        Assert.Equal(Refusal.ExemptionNotOffered, (await stage.Send()).Refused?.Refusal);
        await using (var elsewhere = await ExemptionStage.Open(kind, clock, "CA-QC"))
            Assert.Equal(Refusal.ExemptionNotOffered, (await elsewhere.Declare("1234567")).Refused?.Refusal);
        Assert.Empty(await stage.All());
        Assert.DoesNotContain(await stage.Records(), record => record.Act == "exemption_asked");
        Assert.True((await stage.Declare("1234567")).Accepted);
        Assert.Equal(Refusal.ExemptionStands, (await stage.Declare("7654321")).Refused?.Refusal);
    }

    [BothDatabases]
    public async Task Of_eight_who_declare_at_once_one_does(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-SK");
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => stage.Declare($"123456{n}")));
        Assert.Single(tries, one => one.Accepted);
        Assert.All(tries, one => Assert.True(one.Accepted || one.Refused?.Refusal == Refusal.ExemptionStands));
        Assert.Single(await stage.All());
    }

    [BothDatabases]
    public async Task R45_A_certificate_waits_for_staff_who_give_it_its_dates_and_tell_the_customer(
        DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-BC");
        var sent = (await stage.Send()).Value;
        Assert.Equal(ExemptionStatus.PendingReview, sent.Terms.Status);
        Assert.Empty(await stage.ForTaxes());
        Assert.Equal(Refusal.ExemptionStands, (await stage.Send()).Refused?.Refusal);
        await using (var connection = await stage.Database.Connect())
        {
            var waiting = Assert.Single(await ApprovalStore.Waiting(connection, stage.ProviderNo, 0));
            Assert.Equal(
                (ApprovalKind.TaxExemption, sent.ApprovalId, "An account: CA-BC FIN 490"),
                (waiting.Kind, waiting.Id, waiting.Subject));
            var file = await ExemptionStore.File(connection, sent.No);
            Assert.Equal(Certificate.Content, file?.Content);
        }
        var (from, to) = (new LocalDate(2026, 3, 1), new LocalDate(2027, 2, 28));
        Assert.Equal(
            Refusal.DatesReversed, (await stage.Review(sent, true, to, from)).Refused?.Refusal);
        Assert.True((await stage.Review(sent, true, from, to)).Accepted);
        Assert.Equal(Refusal.AlreadyDecided, (await stage.Review(sent, false, from, to, "no")).Refused?.Refusal);
        var granted = Assert.Single(await stage.All());
        Assert.Equal(
            (ExemptionStatus.Active, from, (LocalDate?)to, "sam@example.com", "form.pdf"),
            (granted.Terms.Status, granted.Terms.From, granted.Terms.To, granted.DecidedBy, granted.FileName));
        Assert.Equal("FIN 490", Assert.Single(await stage.ForTaxes()).Lifts(Pst, to));
        Assert.Equal(
            [(NoticeKind.ExemptionDecided, ExemptionOutcome.Granted)],
            (await stage.Notices()).Select(one => (one.Kind, one.Outcome)));
    }

    [BothDatabases]
    public async Task R45_A_rejection_has_its_reason_and_another_certificate_may_be_sent(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-BC");
        var sent = (await stage.Send()).Value;
        Assert.Equal(
            new Refused(Refusal.FieldEmpty, "Remark"), (await stage.Review(sent, false, Today, null)).Refused);
        Assert.True((await stage.Review(sent, false, Today, null, "Not signed.")).Accepted);
        var rejected = Assert.Single(await stage.All());
        Assert.Equal((ExemptionStatus.Rejected, "Not signed."), (rejected.Terms.Status, rejected.Remark));
        Assert.Empty(await stage.ForTaxes());
        Assert.Equal(ExemptionOutcome.Rejected, Assert.Single(await stage.Notices()).Outcome);
        Assert.True((await stage.Send()).Accepted);
    }

    [BothDatabases]
    public async Task An_exemption_is_withdrawn_or_revoked_once_and_counts_until_the_day_before(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-BC");
        var first = (await stage.Declare("PST-1234-5678")).Value;
        var later = Today.PlusDays(10);
        Assert.Equal(Refusal.FieldEmpty, (await stage.Revoke(first, later, "")).Refused?.Refusal);
        Assert.Equal(
            Refusal.ChangedMeanwhile, (await stage.Revoke(first with { Version = 9 }, later, "x")).Refused?.Refusal);
        Assert.Equal(
            Refusal.UnknownExemption,
            (await stage.Revoke(first with { Id = "exm_none" }, later, "x")).Refused?.Refusal);
        Assert.True((await stage.Revoke(first, later, "The number is another's.")).Accepted);
        Assert.Equal(Refusal.ExemptionEnded, (await stage.Revoke(first, later, "x")).Refused?.Refusal);
        var counted = Assert.Single(await stage.ForTaxes());
        Assert.Equal(("PST-1234-5678", ""), (counted.Lifts(Pst, later.PlusDays(-1)), counted.Lifts(Pst, later) ?? ""));
        Assert.Equal(ExemptionOutcome.Revoked, Assert.Single(await stage.Notices()).Outcome);

        var second = (await stage.Declare("PST-1234-5678")).Value;
        Assert.True((await stage.Withdraw(second, Today)).Accepted);
        Assert.All(await stage.ForTaxes(), one => Assert.Null(one.Lifts(Pst, later)));
        Assert.Single(await stage.Notices());
        Assert.Equal(
            ["exemption_withdrawn", "exemption_asked", "exemption_revoked", "exemption_asked"],
            (await stage.Records()).Select(record => record.Act)
                .Where(act => act.StartsWith("exemption", StringComparison.Ordinal)));
    }

    [BothDatabases]
    public async Task A_certificate_that_is_withdrawn_waits_for_nobody_and_never_counted(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-BC");
        var sent = (await stage.Send()).Value;
        Assert.True((await stage.Withdraw(sent, Today.PlusDays(3))).Accepted);
        Assert.Equal(Refusal.AlreadyDecided, (await stage.Review(sent, true, Today, null)).Refused?.Refusal);
        Assert.Empty(await stage.ForTaxes());
        await using var connection = await stage.Database.Connect();
        Assert.Empty(await ApprovalStore.Waiting(connection, stage.ProviderNo, 0));
    }

    [BothDatabases]
    public async Task A_review_and_a_withdrawal_at_once_end_in_one_story(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-BC");
        for (var round = 0; round < 6; round++)
        {
            var sent = (await stage.Send()).Value;
            var review = stage.Review(sent, true, Today, null);
            var withdraw = stage.Withdraw(sent, Today);
            await Task.WhenAll(review, withdraw);
            Assert.True((await review).Accepted != (await withdraw).Accepted, $"round {round}");
            var kept = (await stage.All())[0];
            Assert.Equal(
                (await review).Accepted ? ExemptionStatus.Active : ExemptionStatus.Revoked, kept.Terms.Status);
            if (kept.IsOpen) Assert.True((await stage.Withdraw(kept, Today)).Accepted);
        }
    }

    [BothDatabases]
    public async Task C12_Staff_write_down_another_reason_for_one_tax(DatabaseKind kind)
    {
        await using var stage = await ExemptionStage.Open(kind, clock, "CA-BC");
        var wanted = new OtherExemption("CA-BC", "GST", "Status card 42", Today, null, "Seen at the desk");
        foreach (var (wrong, refusal) in new[]
        {
            (wanted with { TaxCode = "HST2" }, Refusal.BadPlace), (wanted with { Proof = "" }, Refusal.FieldEmpty),
            (wanted with { Proof = "a\u0001" }, Refusal.BadText), (wanted with { Remark = "" }, Refusal.FieldEmpty),
            (wanted with { To = Today.PlusDays(-1) }, Refusal.DatesReversed),
        })
            Assert.Equal((wrong, refusal), (wrong, (await stage.Record(wrong)).Refused?.Refusal));
        Assert.True((await stage.Record(wanted)).Accepted);
        Assert.Equal(Refusal.ExemptionStands, (await stage.Record(wanted)).Refused?.Refusal);
        var gst = SalesTaxTable.Shipped.Of("CA-BC", Today).Value[0];
        Assert.Equal("Status card 42", Assert.Single(await stage.ForTaxes()).Lifts(gst, Today));
        Assert.Empty(await stage.Notices());
    }

    static SalesTaxRow Pst => SalesTaxTable.Shipped.Of("CA-BC", Today).Value[1];
}
