using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>An exemption for another reason than resale, as staff write it down (C12, C13: of one tax, not of all).
/// </summary>
/// <param name="Proof">What documents print as the reason, such as the number of a status card.</param>
public sealed record OtherExemption(
    string Place, string TaxCode, string Proof, LocalDate From, LocalDate? To, string Remark);

/// <summary>
/// Writes such an exemption down; it counts at once. Refusals: <see cref="Refusal.UnknownAccount"/>,
/// <see cref="Refusal.BadPlace"/> where that tax never was, <see cref="Refusal.FieldEmpty"/> and
/// <see cref="Refusal.BadText"/>, those of <see cref="KeptExemption.DatesProblem"/>,
/// <see cref="Refusal.ExemptionStands"/>.
/// </summary>
public sealed class RecordExemption(Database database, IClock clock)
{
    const int LongestProof = 60;

    /// <param name="today">At the provider.</param>
    public async Task<Result<KeptExemption>> Run(
        int providerNo, long accountNo, OtherExemption wanted, SalesTaxTable table, LocalDate today, Actor by,
        CancellationToken ct = default)
    {
        if (Problem(wanted, table, today) is { } problem) return problem;
        return await database.InTransaction<KeptExemption>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var standing = await ExemptionStore.Lock(connection, transaction, providerNo, accountNo);
                if (standing is null) return Refusal.UnknownAccount;
                if (standing.Any(one => one.Class == ExemptionClass.Other && one.Terms.Place == wanted.Place
                    && one.Terms.TaxCode == wanted.TaxCode && one.Terms.StatusOn(today) == ExemptionStatus.Active))
                    return new Refused(Refusal.ExemptionStands, "Tax");
                var terms = new TaxExemption(
                    wanted.Place, null, wanted.Proof, false, ExemptionStatus.Active, wanted.From, wanted.To)
                { TaxCode = wanted.TaxCode };
                var one = KeptExemption.Of(ExemptionClass.Other, terms, now) with
                {
                    Id = Database.NewId(PublicId.TaxExemption).Text,
                    ProviderNo = providerNo,
                    AccountNo = accountNo,
                    Declared = new Declaration(0, "", by, now),
                    DecidedAt = now,
                    DecidedBy = by.Name,
                    Remark = wanted.Remark,
                };
                one = one with { No = await ExemptionStore.Insert(connection, transaction, one) };
                var record = new AuditRecord(
                    Act.ExemptionGranted, providerNo, by.UserNo, accountNo, one.Id, by.Name, by.Address)
                {
                    After = $"{one.Words} ({wanted.Remark})",
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return one;
            },
            ct);
    }

    static Refused? Problem(OtherExemption wanted, SalesTaxTable table, LocalDate today)
    {
        if (!table.Rows.Any(row => row.Place == wanted.Place && row.Code == wanted.TaxCode))
            return new Refused(Refusal.BadPlace, "Tax");
        foreach (var (text, longest, field) in new[]
        {
            (wanted.Proof, LongestProof, "Proof"), (wanted.Remark, KeptExemption.LongestRemark, "Remark"),
        })
        {
            if (text.Length == 0) return new Refused(Refusal.FieldEmpty, field);
            if (!PlainText.Fits(text, longest)) return new Refused(Refusal.BadText, field);
        }
        return KeptExemption.DatesProblem(wanted.From, wanted.To, today);
    }
}
