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
        paid_by_no
        """;

    /// <returns>With its number.</returns>
    public static async Task<Deposit> Insert(
        DbConnection connection, DbTransaction transaction, Deposit deposit, Instant now, string by)
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
                now = now.ToMicros(),
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

    /// <summary>Whoever has it decides about it until the commit.</summary>
    public static async Task<Deposit> Lock(DbConnection connection, DbTransaction transaction, long no)
    {
        var wait = connection is NpgsqlConnection ? "for update" : "";
        return (await connection.QuerySingleAsync<DepositRow>(
            $"select {Columns} from deposit where no = @no {wait}", new { no }, transaction)).ToDeposit();
    }

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
        public long? PaidByNo { get; init; }

        public Deposit ToDeposit() => new(
            No, Id, ProviderNo, AccountNo, Wallet, (DepositState)State,
            new Money(BaseMicros, Tollkeeper.Currency.Of(Currency)), new TaxPlace(Country, Region, Differs: false),
            StoredDate.Read(TaxDate),
            JsonSerializer.Deserialize<List<DepositLine>>(Lines)!, PaidByNo);
    }
}
