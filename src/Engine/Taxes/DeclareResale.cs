using System.Text.Json;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>What a customer says of itself who resells the service.</summary>
/// <param name="Number">As it was typed; null where a certificate is sent instead.</param>
/// <param name="Declared">The box was checked.</param>
/// <param name="Text">What stood beside it, in the customer's language.</param>
public sealed record ResaleClaim(string? Number, CertificateFile? File, bool Declared, string Text);

/// <summary>What staff review, by the id of the exemption.</summary>
public sealed record ExemptionProposal(string Exemption)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static ExemptionProposal Read(string json) => JsonSerializer.Deserialize<ExemptionProposal>(json)!;
}

/// <summary>
/// Takes down that a customer resells (R42, TAX-CA-04): by a well-formed number it is exempt at once, unless the policy
/// says that staff look at it first; a certificate waits for them (R45). Refusals:
/// <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.NotDeclared"/>, those of <see cref="KeptExemption.Claim"/>,
/// <see cref="Refusal.ExemptionNotOffered"/> for a province that does not qualify,
/// <see cref="Refusal.ExemptionStands"/>.
/// </summary>
public sealed class DeclareResale(Database database, ProvidersInForce providers, IClock clock)
{
    public Task<Result<KeptExemption>> Run(
        int providerNo, long accountNo, ResaleClaim claim, Actor by, CancellationToken ct = default) =>
        database.InTransaction<KeptExemption>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant().CutToMicros();
                var standing = await ExemptionStore.Lock(connection, transaction, providerNo, accountNo);
                if (standing is null) return Refusal.UnknownAccount;
                var profile = await ProfileStore.Find(connection, transaction, accountNo);
                var wanted = Judge(
                    claim, TaxPlace.Of(profile), standing, providers.PolicyOf(providerNo, now).Value.Policy, now);
                if (wanted.Refused is { } refused) return refused;
                var one = wanted.Value with
                {
                    Id = Database.NewId(PublicId.TaxExemption).Text,
                    ProviderNo = providerNo,
                    AccountNo = accountNo,
                    Declared = new Declaration(Declaration.ResaleVersion, claim.Text, by, now),
                };
                if (one.Terms.Status == ExemptionStatus.PendingReview)
                {
                    var name = await ExemptionStore.AccountName(connection, transaction, accountNo);
                    var approval = new NewApproval(
                        providerNo, accountNo, ApprovalKind.TaxExemption,
                        $"{name}: {one.Terms.Place} {one.Terms.Number ?? one.Terms.Certificate}",
                        new ExemptionProposal(one.Id).ToJson());
                    one = one with { ApprovalId = await Propose.In(connection, transaction, approval, by, now) };
                }
                one = one with { No = await ExemptionStore.Insert(connection, transaction, one) };
                if (claim.File is { } file) await ExemptionStore.InsertFile(connection, transaction, one.No, file);
                var record = new AuditRecord(
                    Act.ExemptionAsked, providerNo, by.UserNo, accountNo, one.Id, by.Name, by.Address)
                {
                    After = $"{one.Words}, declaration {one.Declared.Version}, {one.Terms.Status}",
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return one;
            },
            ct);

    static Result<KeptExemption> Judge(
        ResaleClaim claim, TaxPlace at, IReadOnlyList<KeptExemption> standing, Policy policy, Instant now)
    {
        var today = now.InZone(BillingZone.Of(policy.Calendar).Value).Date;
        if (!claim.Declared) return new Refused(Refusal.NotDeclared, "Declared");
        if (KeptExemption.PlaceOf(at, policy.Accounts.ProvincialIdRegions) is not { } place)
            return Refusal.ExemptionNotOffered;
        var @class = claim.Number is null ? ExemptionClass.Certificate : ExemptionClass.Number;
        var reviewed = @class == ExemptionClass.Certificate || policy.Exemptions.NumberNeedsReview;
        var terms = KeptExemption.Claim(place, claim.Number, reviewed, today);
        if (terms.Refused is { } wrong) return wrong;
        if (@class == ExemptionClass.Certificate && claim.File is null)
            return new Refused(Refusal.CertificateMissing, "File");
        if (standing.Any(one => one.Answers(@class, place, today)))
            return new Refused(Refusal.ExemptionStands, claim.Number is null ? "File" : "Number");
        return KeptExemption.Of(@class, terms.Value, reviewed ? null : now, claim.File?.Name);
    }
}
