using System.Data.Common;
using Dapper;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Accounts, their SIP users, and the reasons that suspend them.</summary>
public static class AccountStore
{
    /// <summary>The columns of <see cref="ReadFacts"/>, in its order.</summary>
    public const string FactsColumns =
        """
        no, provider_no, type, currency, tax_status, blocks, closed_at_micros is not null,
        channels, calls_per_second, outbound_deck_no, inbound_deck_no, alert_threshold_micros, networks,
        (select d.alert_threshold_micros from deck d where d.no = outbound_deck_no)
        """;

    /// <summary>Of the reasons that suspend an account.</summary>
    public const string SuspensionColumns = "reason, blocks, by_whom, since_at_micros, remark";

    const string FactsOnPostgres = $"select {FactsColumns} from account where no = any($1)";
    const string FactsOnSqlite =
        $"select {FactsColumns} from account where no in (select value from json_each(@accounts))";

    /// <summary>
    /// The facts of accounts, at most a batch of them, as they are in this transaction; an unknown number is left out.
    /// Written by hand because every batch of calls reads them.
    /// </summary>
    public static async Task<Dictionary<long, AccountFacts>> LoadFacts(
        DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<long> accountNos,
        CancellationToken ct = default)
    {
        var facts = new Dictionary<long, AccountFacts>(accountNos.Count);
        if (accountNos.Count == 0) return facts;
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        if (command is NpgsqlCommand postgres)
        {
            postgres.CommandText = FactsOnPostgres;
            postgres.Parameters.Add(new NpgsqlParameter<long[]>
            {
                TypedValue = [.. accountNos],
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
            });
            await postgres.PrepareAsync(ct);
        }
        else
        {
            command.CommandText = FactsOnSqlite;
            var accounts = command.CreateParameter();
            accounts.ParameterName = "@accounts";
            accounts.Value = $"[{string.Join(',', accountNos)}]";
            command.Parameters.Add(accounts);
        }
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var row = new RowReader(reader);
            var account = ReadFacts(ref row);
            facts.Add(account.No, account);
        }
        return facts;
    }

    /// <summary>One row of <see cref="FactsColumns"/>, on either database.</summary>
    public static AccountFacts ReadFacts(ref RowReader row) => new(
        No: row.Long(),
        ProviderNo: row.Int(),
        Type: (AccountType)row.Small(),
        Currency: Currency.Of(row.Text()),
        TaxStatus: (TaxStatus)row.Small(),
        Blocks: (Directions)row.Small(),
        Closed: row.Truth(),
        Channels: row.Int(),
        CallsPerSecond: row.Int(),
        OutboundDeckNo: row.Int(),
        InboundDeckNo: row.IntOrNull(),
        AlertThresholdMicros: row.LongOrNull(),
        Networks: row.Text(),
        PackageAlertMicros: row.LongOrNull());

    /// <summary>
    /// The number of the account with this public id, or of which this is a SIP user, within a provider.
    /// </summary>
    public static Task<long?> FindNo(DbConnection connection, int providerNo, string account) =>
        connection.ExecuteScalarAsync<long?>(
            PublicId.TryParse(account, PublicId.Account, out _)
                ? "select no from account where id = @account and provider_no = @providerNo"
                : "select account_no from sip_user where name = @account and provider_no = @providerNo",
            new { providerNo, account });

    /// <summary>Whose customer it is. Refusal: <see cref="Refusal.UnknownAccount"/>.</summary>
    public static async Task<Result<int>> ProviderOf(DbConnection connection, DbTransaction transaction,
        long accountNo)
    {
        var provider = await connection.ExecuteScalarAsync<int?>(
            "select provider_no from account where no = @accountNo", new { accountNo }, transaction);
        return provider is { } no ? no : Refusal.UnknownAccount;
    }

    /// <summary>False when it was closed before: the first closing's date stays.</summary>
    public static async Task<bool> Close(
        DbConnection connection, DbTransaction transaction, long accountNo, Instant now) =>
        await connection.ExecuteAsync(
            "update account set closed_at_micros = @now where no = @accountNo and closed_at_micros is null",
            new { accountNo, now = now.ToMicros() }, transaction) == 1;

    /// <summary>The number of the account with this public id, whatever its provider.</summary>
    public static async Task<string> NameOf(DbConnection connection, long no) =>
        await connection.QuerySingleAsync<string>("select name from account where no = @no", new { no });

    public static Task<long?> FindNo(DbConnection connection, string id) =>
        PublicId.TryParse(id, PublicId.Account, out _)
            ? connection.ExecuteScalarAsync<long?>("select no from account where id = @id", new { id })
            : Task.FromResult<long?>(null);

    public static Task<long> Insert(
        DbConnection connection, DbTransaction transaction, string id, NewAccount wanted, Instant now) =>
        connection.ExecuteScalarAsync<long>(
            """
            insert into account (
              id, provider_no, name, type, currency, tax_status, outbound_deck_no, inbound_deck_no,
              channels, calls_per_second, alert_threshold_micros, created_at_micros)
            values (
              @id, @ProviderNo, @Name, @Type, @currency, @TaxStatus, @OutboundDeckNo, @InboundDeckNo,
              @Channels, @CallsPerSecond, @AlertThresholdMicros, @now)
            returning no
            """,
            new
            {
                id,
                wanted.ProviderNo,
                wanted.Name,
                Type = (short)wanted.Type,
                currency = wanted.Currency.Code,
                TaxStatus = (short)wanted.TaxStatus,
                wanted.OutboundDeckNo,
                wanted.InboundDeckNo,
                wanted.Channels,
                wanted.CallsPerSecond,
                wanted.AlertThresholdMicros,
                now = now.ToMicros(),
            },
            transaction);

    /// <summary>False when the provider has a SIP user of that name already.</summary>
    public static async Task<bool> AddSipUser(
        DbConnection connection, DbTransaction transaction, int providerNo, string name, long accountNo, Instant now) =>
        await connection.ExecuteAsync(
            """
            insert into sip_user (provider_no, name, account_no, created_at_micros)
            values (@providerNo, @name, @accountNo, @now) on conflict do nothing
            """,
            new { providerNo, name, accountNo, now = now.ToMicros() }, transaction) == 1;

    /// <summary>The currency of a provider's deck; null when the provider has no such deck.</summary>
    public static async Task<Currency?> DeckCurrency(
        DbConnection connection, DbTransaction transaction, int providerNo, int deckNo)
    {
        var code = await connection.ExecuteScalarAsync<string?>(
            "select currency from deck where no = @deckNo and provider_no = @providerNo", new { deckNo, providerNo },
            transaction);
        return code is null ? null : Currency.Of(code);
    }

    /// <summary>The number of a provider's deck; null when it has none of that name.</summary>
    public static Task<int?> DeckNamed(DbConnection connection, int providerNo, string name) =>
        connection.ExecuteScalarAsync<int?>(
            "select no from deck where provider_no = @providerNo and name = @name", new { providerNo, name });

    /// <summary>
    /// The reasons that stand. The account's row is locked first, so that two changes of the set follow one another.
    /// </summary>
    public static async Task<Result<IReadOnlyList<Suspension>>> LockSuspensions(
        DbConnection connection, DbTransaction transaction, long accountNo)
    {
        var found = await connection.ExecuteAsync(
            "update account set blocks = blocks where no = @accountNo", new { accountNo }, transaction);
        if (found == 0) return Refusal.UnknownAccount;
        return (await Suspensions(connection, accountNo, transaction)).ToList();
    }

    /// <summary>The reasons that suspend an account now, without a lock.</summary>
    public static async Task<IReadOnlyList<Suspension>> Suspensions(
        DbConnection connection, long accountNo, DbTransaction? transaction = null)
    {
        var rows = await connection.QueryAsync<SuspensionRow>(
            $"""
            select {SuspensionColumns} from suspension
            where account_no = @accountNo and cleared_at_micros is null order by no
            """,
            new { accountNo }, transaction);
        return [.. rows.Select(row => new Suspension(
            row.Reason, (Directions)row.Blocks, row.ByWhom, Instants.FromMicros(row.SinceAtMicros),
            row.Remark))];
    }

    public static Task AddSuspension(
        DbConnection connection, DbTransaction transaction, long accountNo, Suspension suspension) =>
        connection.ExecuteAsync(
            """
            insert into suspension (account_no, reason, blocks, remark, by_whom, since_at_micros)
            values (@accountNo, @Reason, @blocks, @Remark, @By, @since)
            """,
            new
            {
                accountNo,
                suspension.Reason,
                blocks = (short)suspension.Blocks,
                suspension.Remark,
                suspension.By,
                since = suspension.Since.ToMicros(),
            },
            transaction);

    public static Task ClearSuspension(
        DbConnection connection, DbTransaction transaction, long accountNo, string reason, string by, Instant now) =>
        connection.ExecuteAsync(
            """
            update suspension set cleared_by = @by, cleared_at_micros = @now
            where account_no = @accountNo and reason = @reason and cleared_at_micros is null
            """,
            new { accountNo, reason, by, now = now.ToMicros() }, transaction);

    public static Task SetBlocks(DbConnection connection, DbTransaction transaction, long accountNo,
        Directions blocks) =>
        connection.ExecuteAsync(
            "update account set blocks = @blocks where no = @accountNo", new { accountNo, blocks = (short)blocks },
            transaction);

    sealed class SuspensionRow
    {
        public string Reason { get; init; } = "";
        public int Blocks { get; init; }
        public string ByWhom { get; init; } = "";
        public long SinceAtMicros { get; init; }
        public string Remark { get; init; } = "";
    }
}
