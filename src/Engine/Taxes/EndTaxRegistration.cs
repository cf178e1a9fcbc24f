using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>
/// Gives an open registration its last day: from the next one on the provider charges that tax no more. Refusals:
/// <see cref="Refusal.DatesReversed"/>, <see cref="Refusal.ChangedMeanwhile"/> where it has an end or is not there.
/// </summary>
public sealed class EndTaxRegistration(Database database, IClock clock)
{
    public Task<Result<TaxRegistration>> Run(
        int providerNo, TaxRegister register, LocalDate last, Actor by, CancellationToken ct = default) =>
        database.InTransaction<TaxRegistration>(
            async (connection, transaction) =>
            {
                await ProviderStore.Lock(connection, transaction, providerNo);
                var known = (await TaxRegistrationStore.Read(connection, transaction, providerNo)).All;
                if (known.SingleOrDefault(each => each.Register == register && each.To is null) is not { } open)
                    return Refusal.ChangedMeanwhile;
                if (last < open.From) return new Refused(Refusal.DatesReversed, "Last");
                if (!await TaxRegistrationStore.End(connection, transaction, providerNo, open, last))
                    return Refusal.ChangedMeanwhile;
                var record = new AuditRecord(
                    Act.TaxRegistrationSaved, providerNo, by.UserNo, null, $"{register}", by.Name, by.Address)
                {
                    Before = SaveTaxRegistration.Words(open),
                    After = SaveTaxRegistration.Words(open with { To = last }),
                };
                await AuditRecordStore.Insert(connection, transaction, record, clock.GetCurrentInstant());
                return open with { To = last };
            },
            ct);
}
