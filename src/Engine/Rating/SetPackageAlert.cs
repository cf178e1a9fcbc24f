using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// Says at which balance the customers of a package are warned (R90). It holds from the next movement of each balance
/// on: nobody is told at once of a balance that lies between the old amount and the new one, since nobody of them
/// changed anything. Refusal: <see cref="Refusal.BadAmount"/>.
/// </summary>
public sealed class SetPackageAlert(Database database, IClock clock)
{
    const long MostMicros = 1_000_000_000_000;

    public Task<Result<bool>> Run(
        Person by, Deck deck, long? micros, string address, CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                if (micros is < 0 or > MostMicros) return Refusal.BadAmount;
                var before = await PackageAlertStore.Find(connection, transaction, deck.No);
                await PackageAlertStore.Save(connection, transaction, deck.No, micros);
                var record = new AuditRecord(
                    Act.PackageAlertSet, by.ProviderNo, by.UserNo, null, deck.Id.Text, deck.Name, address)
                {
                    Before = Amount(before),
                    After = Amount(micros),
                };
                await AuditRecordStore.Insert(connection, transaction, record, clock.GetCurrentInstant());
                return true;

                string Amount(long? amount) =>
                    amount is { } known ? $"{FixedPoint.Write(known, 6)} {deck.Currency.Code}" : "";
            },
            ct);
}
