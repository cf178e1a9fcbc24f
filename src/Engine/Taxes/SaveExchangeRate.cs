using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>
/// Enters what a currency was worth on a day; a former entry for the day stays on file and counts no more. Refusals:
/// those of <see cref="ExchangeRate.Problem"/>.
/// </summary>
public sealed class SaveExchangeRate(Database database, IClock clock)
{
    /// <param name="today">At the provider.</param>
    public Task<Result<ExchangeRate>> Run(
        int providerNo, ExchangeRate rate, LocalDate today, Actor by, CancellationToken ct = default) =>
        database.InTransaction<ExchangeRate>(
            async (connection, transaction) =>
            {
                // Its row's lock keeps two who enter apart.
                await ProviderStore.Lock(connection, transaction, providerNo);
                var found = await ExchangeRateStore.On(
                    connection, transaction, providerNo, rate.From, rate.To, rate.Day);
                var last = found.Accepted ? found.Value : null;
                if (rate.Problem(last, today) is { } problem) return problem;
                var now = clock.GetCurrentInstant();
                await ExchangeRateStore.Insert(connection, transaction, providerNo, rate, now, by.Name);
                var record = new AuditRecord(
                    Act.ExchangeRateSaved, providerNo, by.UserNo, null,
                    $"{rate.From}/{rate.To} {rate.Day:uuuu'-'MM'-'dd}", by.Name, by.Address)
                {
                    Before = last?.Day == rate.Day ? Words(last) : "",
                    After = Words(rate),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return rate;
            },
            ct);

    static string Words(ExchangeRate rate) =>
        $"{FixedPoint.Write(rate.RateE8, 8)}, {rate.Source}" + (rate.Remark.Length > 0 ? $" ({rate.Remark})" : "");
}
