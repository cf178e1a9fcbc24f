using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>
/// Enters a provider's registration for a tax (R39). An open one of the same register ends the day before; what was
/// charged under it stays as it was. Refusals: those of <see cref="TaxRegistration.Problem"/>, and
/// <see cref="Refusal.AlreadyExists"/> where one covers a day of it.
/// </summary>
public sealed class SaveTaxRegistration(Database database, IClock clock)
{
    public Task<Result<TaxRegistration>> Run(
        int providerNo, TaxRegistration wanted, Actor by, CancellationToken ct = default)
    {
        var one = wanted with { Number = TaxNumber.Normal(wanted.Register, wanted.Number) };
        if (one.Problem() is { } problem) return Task.FromResult<Result<TaxRegistration>>(problem);
        return database.InTransaction<TaxRegistration>(
            async (connection, transaction) =>
            {
                // Its row's lock keeps two who enter apart.
                await ProviderStore.Lock(connection, transaction, providerNo);
                var known = (await TaxRegistrationStore.Read(connection, transaction, providerNo)).All;
                var open = known.SingleOrDefault(
                    each => each.Register == one.Register && each.To is null && each.From < one.From);
                if (known.Any(each => each != open && each.Overlaps(one)))
                    return new Refused(Refusal.AlreadyExists, "From");
                if (open is not null)
                    await TaxRegistrationStore.End(
                        connection, transaction, providerNo, open, one.From.PlusDays(-1));
                var now = clock.GetCurrentInstant();
                await TaxRegistrationStore.Insert(connection, transaction, providerNo, one, now, by.Name);
                var record = new AuditRecord(
                    Act.TaxRegistrationSaved, providerNo, by.UserNo, null, $"{one.Register}", by.Name, by.Address)
                {
                    Before = open is null ? "" : Words(open),
                    After = Words(one),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return one;
            },
            ct);
    }

    internal static string Words(TaxRegistration one) =>
        $"{one.Number} from {one.From:uuuu'-'MM'-'dd}" + (one.To is { } to ? $" to {to:uuuu'-'MM'-'dd}" : "");
}
