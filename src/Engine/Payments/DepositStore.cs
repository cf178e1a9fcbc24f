using System.Data.Common;
using System.Text.Json;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Payments;

/// <summary>Documents of deposits.</summary>
public static class DepositStore
{
    const string Columns =
        """
        no, id, provider_no, account_no, wallet, state, base_micros, currency, country, region, tax_date, lines,
        created_at_micros, paid_by_no
        """;

    /// <returns>With its number.</returns>
    public static async Task<Deposit> Insert(
        DbConnection connection, DbTransaction transaction, Deposit deposit, string by)
    {
        var no = await connection.ExecuteScalarAsync<long>(
            """
            insert into deposit (
              id, provider_no, account_no, wallet, state, base_micros, currency, country, region, tax_date, lines,
              created_at_micros, created_by)
            values (
              @Id, @ProviderNo, @AccountNo, @Wallet, @state, @base, @currency, @country, @region, @date, @lines, @now,
              @by)
            returning no
            """,
            new
            {
                deposit.Id,
                deposit.ProviderNo,
                deposit.AccountNo,
                deposit.Wallet,
                state = (short)deposit.State,
                @base = deposit.Base.Micros,
                currency = deposit.Base.Currency.Code,
                country = deposit.Place.Country,
                region = deposit.Place.Region,
                date = StoredDate.Text(deposit.TaxDate),
                lines = JsonSerializer.Serialize(deposit.Lines),
                now = deposit.CreatedAt.ToMicros(),
                by,
            },
            transaction);
        return deposit with { No = no };
    }

    /// <summary>Of an account, by its id. Refusal: <see cref="Refusal.UnknownDeposit"/>.</summary>
    public static async Task<Result<Deposit>> Find(
        DbConnection connection, DbTransaction? transaction, long accountNo, string id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<DepositRow>(
            $"select {Columns} from deposit where id = @id and account_no = @accountNo", new { id, accountNo },
            transaction);
        return row is null ? Refusal.UnknownDeposit : row.ToDeposit();
    }

    /// <summary>At a provider, by its id. Refusal: <see cref="Refusal.UnknownDeposit"/>.</summary>
    public static async Task<Result<Deposit>> FindAt(
        DbConnection connection, DbTransaction? transaction, int providerNo, string id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<DepositRow>(
            $"select {Columns} from deposit where id = @id and provider_no = @providerNo", new { id, providerNo },
            transaction);
        return row is null ? Refusal.UnknownDeposit : row.ToDeposit();
    }

    /// <summary>Whoever has it decides about it until the commit.</summary>
    public static async Task<Deposit> Lock(DbConnection connection, DbTransaction transaction, long no)
    {
        var wait = connection is NpgsqlConnection ? "for update" : "";
        return (await connection.QuerySingleAsync<DepositRow>(
            $"select {Columns} from deposit where no = @no {wait}", new { no }, transaction)).ToDeposit();
    }

    public static async Task<Deposit> Read(DbConnection connection, DbTransaction? transaction, long no) =>
        (await connection.QuerySingleAsync<DepositRow>(
            $"select {Columns} from deposit where no = @no", new { no }, transaction)).ToDeposit();

    /// <summary>Of an account, the newest first.</summary>
    /// <param name="before">Of earlier ones than this number; null: from the newest on.</param>
    public static async Task<IReadOnlyList<Deposit>> OfAccount(
        DbConnection connection, DbTransaction? transaction, long accountNo, long? before, int most)
    {
        var rows = await connection.QueryAsync<DepositRow>(
            $"""
            select {Columns} from deposit where account_no = @accountNo and no < @before order by no desc limit @most
            """,
            new { accountNo, before = before ?? long.MaxValue, most }, transaction);
        return [.. rows.Select(row => row.ToDeposit())];
    }

    /// <summary>Outstanding ones that were begun before a moment, oldest first.</summary>
    public static async Task<IReadOnlyList<Deposit>> OutstandingSince(
        DbConnection connection, DbTransaction? transaction, int providerNo, Instant before, int most)
    {
        var rows = await connection.QueryAsync<DepositRow>(
            $"""
            select {Columns} from deposit
            where provider_no = @providerNo and state = {(int)DepositState.Outstanding}
              and created_at_micros < @before
            order by created_at_micros limit @most
            """,
            new { providerNo, before = before.ToMicros(), most }, transaction);
        return [.. rows.Select(row => row.ToDeposit())];
    }

    /// <summary>
    /// Lets one payment take the money: false where the deposit is outstanding no more, or another payment took it or
    /// may still do so.
    /// </summary>
    public static async Task<bool> Claim(
        DbConnection connection, DbTransaction transaction, long no, long paymentNo) =>
        await connection.ExecuteAsync(
            $"""
            update deposit set taking_no = @paymentNo
            where no = @no and state = {(int)DepositState.Outstanding} and (
              taking_no is null or taking_no = @paymentNo or not exists (
                select 1 from payment p where p.no = deposit.taking_no and p.state in (
                  {(int)PaymentState.Initiated}, {(int)PaymentState.Authorized}, {(int)PaymentState.Pending},
                  {(int)PaymentState.Settled})))
            """,
            new { no, paymentNo }, transaction) == 1;

    /// <summary>Its taxes as they are on another day, or at another place.</summary>
    public static Task Quoted(DbConnection connection, DbTransaction transaction, Deposit deposit) =>
        connection.ExecuteAsync(
            """
            update deposit set country = @country, region = @region, tax_date = @date, lines = @lines where no = @No
            """,
            new
            {
                country = deposit.Place.Country,
                region = deposit.Place.Region,
                date = StoredDate.Text(deposit.TaxDate),
                lines = JsonSerializer.Serialize(deposit.Lines),
                deposit.No,
            },
            transaction);

    public static Task Paid(
        DbConnection connection, DbTransaction transaction, Deposit paid, Instant now, string by) =>
        connection.ExecuteAsync(
            """
            update deposit set state = @state, base_micros = @base, tax_date = @date, lines = @lines,
              paid_by_no = @PaidByNo, ended_at_micros = @now, ended_by = @by
            where no = @No
            """,
            new
            {
                state = (short)paid.State,
                @base = paid.Base.Micros,
                date = StoredDate.Text(paid.TaxDate),
                lines = JsonSerializer.Serialize(paid.Lines),
                paid.PaidByNo,
                now = now.ToMicros(),
                by,
                paid.No,
            },
            transaction);

    /// <summary>False when it is outstanding no more.</summary>
    public static async Task<bool> Void(
        DbConnection connection, DbTransaction transaction, long no, Instant now, string by) =>
        await connection.ExecuteAsync(
            $"""
            update deposit set state = {(int)DepositState.Voided}, ended_at_micros = @now, ended_by = @by
            where no = @no and state = {(int)DepositState.Outstanding}
            """,
            new { no, now = now.ToMicros(), by }, transaction) == 1;

    sealed class DepositRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public long AccountNo { get; init; }
        public string Wallet { get; init; } = "";
        public int State { get; init; }
        public long BaseMicros { get; init; }
        public string Currency { get; init; } = "";
        public string Country { get; init; } = "";
        public string Region { get; init; } = "";
        public string TaxDate { get; init; } = "";
        public string Lines { get; init; } = "";
        public long CreatedAtMicros { get; init; }
        public long? PaidByNo { get; init; }

        public Deposit ToDeposit() => new(
            No, Id, ProviderNo, AccountNo, Wallet, (DepositState)State,
            new Money(BaseMicros, Tollkeeper.Currency.Of(Currency)), new TaxPlace(Country, Region, Differs: false),
            StoredDate.Read(TaxDate),
            JsonSerializer.Deserialize<List<DepositLine>>(Lines)!, Instants.FromMicros(CreatedAtMicros), PaidByNo);
    }
}
