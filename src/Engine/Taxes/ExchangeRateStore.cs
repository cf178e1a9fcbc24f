using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Taxes;

/// <summary>A rate as it was entered.</summary>
/// <param name="Superseded">Another was entered for its day since.</param>
public sealed record KeptExchangeRate(long No, ExchangeRate Rate, Instant At, string By, bool Superseded);

/// <summary>Exchange rates of providers; rows are only added, and of several for a day the last one counts.</summary>
public static class ExchangeRateStore
{
    public const int PageRows = 50;

    const string Columns =
        "no, from_currency, to_currency, day, rate_e8, source, remark, saved_at_micros, saved_by";

    /// <summary>
    /// The rate that a day has: its own, or the last one of the days before it. Refusal:
    /// <see cref="Refusal.ExchangeRateMissing"/> where none is recent enough, and nobody may take another for it.
    /// </summary>
    public static async Task<Result<ExchangeRate>> On(
        DbConnection connection, DbTransaction? transaction, int providerNo, Currency from, Currency to, LocalDate day)
    {
        var row = await connection.QuerySingleOrDefaultAsync<RateRow>(
            $"""
            select {Columns} from exchange_rate
            where provider_no = @providerNo and from_currency = @from and to_currency = @to
              and day <= @day and day >= @oldest
            order by day desc, no desc limit 1
            """,
            new
            {
                providerNo,
                from = from.Code,
                to = to.Code,
                day = StoredDate.Text(day),
                oldest = StoredDate.Text(day.PlusDays(-ExchangeRate.MostDaysOld)),
            },
            transaction);
        return row is null
            ? new Refused(Refusal.ExchangeRateMissing, $"{from} to {to} on {day:uuuu'-'MM'-'dd}")
            : row.ToRate();
    }

    /// <summary>The newest entries first.</summary>
    public static async Task<IReadOnlyList<KeptExchangeRate>> Page(
        DbConnection connection, int providerNo, long? beforeNo)
    {
        var rows = await connection.QueryAsync<RateRow>(
            $"""
            select {Columns}, case when exists (
              select 1 from exchange_rate o
              where o.provider_no = e.provider_no and o.from_currency = e.from_currency
                and o.to_currency = e.to_currency and o.day = e.day and o.no > e.no) then 1 else 0 end as superseded
            from exchange_rate e
            where provider_no = @providerNo and no < @before order by no desc limit {PageRows + 1}
            """,
            new { providerNo, before = beforeNo ?? long.MaxValue });
        return
        [
            .. rows.Select(row => new KeptExchangeRate(
                row.No, row.ToRate(), Instants.FromMicros(row.SavedAtMicros), row.SavedBy, row.Superseded != 0)),
        ];
    }

    public static Task Insert(
        DbConnection connection, DbTransaction transaction, int providerNo, ExchangeRate rate, Instant now,
        string by) =>
        connection.ExecuteAsync(
            """
            insert into exchange_rate (
              provider_no, from_currency, to_currency, day, rate_e8, source, remark, saved_at_micros, saved_by)
            values (@providerNo, @from, @to, @day, @RateE8, @Source, @Remark, @now, @by)
            """,
            new
            {
                providerNo,
                from = rate.From.Code,
                to = rate.To.Code,
                day = StoredDate.Text(rate.Day),
                rate.RateE8,
                rate.Source,
                rate.Remark,
                now = now.ToMicros(),
                by,
            },
            transaction);

    sealed class RateRow
    {
        public long No { get; init; }
        public string FromCurrency { get; init; } = "";
        public string ToCurrency { get; init; } = "";
        public string Day { get; init; } = "";
        public long RateE8 { get; init; }
        public string Source { get; init; } = "";
        public string Remark { get; init; } = "";
        public long SavedAtMicros { get; init; }
        public string SavedBy { get; init; } = "";
        public int Superseded { get; init; }

        public ExchangeRate ToRate() => new(
            Currency.Of(FromCurrency), Currency.Of(ToCurrency), StoredDate.Read(Day), RateE8, Source, Remark);
    }
}
