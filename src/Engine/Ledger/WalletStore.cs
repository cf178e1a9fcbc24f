using System.Data.Common;
using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>Wallets as pages and operations see them, outside the bookkeeper's batches.</summary>
public static class WalletStore
{
    public static Task Add(
        DbConnection connection, DbTransaction transaction, long accountNo, int providerNo, string name,
        Currency currency,
        string ledgerCode) =>
        connection.ExecuteAsync(
            """
            insert into wallet (account_no, provider_no, name, currency, ledger_code, chain)
            values (@accountNo, @providerNo, @name, @currency, @ledgerCode, @chain)
            """,
            new { accountNo, providerNo, name, currency = currency.Code, ledgerCode, chain = Array.Empty<byte>() },
            transaction);

    /// <summary>Whose a wallet is; null where there is none.</summary>
    public static Task<int?> ProviderOf(DbConnection connection, long walletNo, CancellationToken ct) =>
        connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "select provider_no from wallet where no = @walletNo", new { walletNo }, cancellationToken: ct));

    public static async Task<IReadOnlyList<WalletState>> Of(Database database, long accountNo, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        return await Of(connection, accountNo, ct);
    }

    public static async Task<IReadOnlyList<WalletState>> Of(DbConnection connection, long accountNo,
        CancellationToken ct)
    {
        var rows = await connection.QueryAsync<WalletStateRow>(new CommandDefinition(
            """
            select no, name, currency, balance_micros, held_micros, floors, seq, calls
            from wallet where account_no = @accountNo order by no
            """,
            new { accountNo }, cancellationToken: ct));
        return [.. rows.Select(row => row.State())];
    }

    /// <summary>Entries of a wallet after a seq, oldest first, without their postings.</summary>
    public static async Task<IReadOnlyList<Entry>> Entries(
        Database database, long walletNo, long afterSeq, long? fromMicros, long? toMicros, int most,
        CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var first = fromMicros is { } from ? await FirstSeq(connection, walletNo, from) : 0;
        var end = toMicros is { } to ? await FirstSeq(connection, walletNo, to) : long.MaxValue;
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            select {BookRows.Entries.ColumnList} from entry
            where wallet_no = @wallet and seq > @after and seq >= @first and seq < @end
            order by seq limit @most
            """;
        Add("wallet", walletNo);
        Add("after", afterSeq);
        Add("first", first);
        Add("end", end);
        Add("most", most);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var entries = new List<Entry>();
        while (await reader.ReadAsync(ct))
        {
            var row = new RowReader(reader);
            entries.Add(BookRows.ReadEntry(ref row));
        }
        return entries;

        void Add(string name, long value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>Which entries of a wallet, from one seq to another, owe sales tax (<see cref="CreditTax"/>).</summary>
    public static async Task<IReadOnlySet<long>> Taxed(
        Database database, long walletNo, long fromSeq, long toSeq, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var rows = await connection.QueryAsync<(long Seq, string Credit)>(new CommandDefinition(
            """
            select seq, credit from posting
            where wallet_no = @walletNo and seq between @fromSeq and @toSeq and credit like '23%'
            """,
            new { walletNo, fromSeq, toSeq }, cancellationToken: ct));
        return rows.Where(row => CreditTax.IsIn(row.Credit)).Select(row => row.Seq).ToHashSet();
    }

    /// <summary>
    /// The first entry recorded at an instant or later, or the number after the last one. Entries have no gaps and
    /// their instants never go back, so it is found in steps that halve what is left.
    /// </summary>
    static async Task<long> FirstSeq(DbConnection connection, long walletNo, long micros)
    {
        var (low, high) = (1L, 1 + await connection.ExecuteScalarAsync<long>(
            "select seq from wallet where no = @walletNo", new { walletNo }));
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var recorded = await connection.ExecuteScalarAsync<long>(
                "select recorded_at_micros from entry where wallet_no = @walletNo and seq = @middle",
                new { walletNo, middle });
            if (recorded < micros) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    sealed record WalletStateRow
    {
        public long No { get; init; }
        public string Name { get; init; } = "";
        public string Currency { get; init; } = "";
        public long BalanceMicros { get; init; }
        public long HeldMicros { get; init; }
        public string Floors { get; init; } = "";
        public long Seq { get; init; }
        public long Calls { get; init; }

        public WalletState State() => new(
            No, Name, Tollkeeper.Currency.Of(Currency), BalanceMicros, HeldMicros, Floor.Read(Floors), Seq, Calls);
    }
}

/// <summary>A wallet as it stands; micros.</summary>
public sealed record WalletState(
    long No, string Name, Currency Currency, long BalanceMicros, long HeldMicros, IReadOnlyList<FloorRecord> Floors,
    long Seq,
    long Calls)
{
    public long FloorMicros(NodaTime.Instant at) => Floor.At(Floors, at);

    public long AvailableMicros(NodaTime.Instant at) => checked(BalanceMicros - FloorMicros(at) - HeldMicros);
}
