using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>A card that a customer left at a gateway.</summary>
public sealed record StoredCard(
    long No, string Id, int ProviderNo, long AccountNo, string Gateway, StoredInstrument Instrument,
    Instant CreatedAt, Instant? RemovedAt);

/// <summary>Stored cards: never a number, only what names it at its gateway (PAY-06).</summary>
public static class CardStore
{
    const string Columns =
        """
        no, id, provider_no, account_no, gateway, customer, token, facts, created_at_micros, removed_at_micros
        """;

    public static async Task<StoredCard> Insert(
        DbConnection connection, DbTransaction transaction, CardSetup setup, StoredInstrument instrument, Instant now)
    {
        var id = Database.NewId(PublicId.Card).Text;
        var no = await connection.ExecuteScalarAsync<long>(
            """
            insert into card (
              id, provider_no, account_no, gateway, customer, token, facts, fingerprint, created_at_micros, created_by)
            values (
              @id, @ProviderNo, @AccountNo, @Gateway, @Customer, @Token, @facts, @Fingerprint, @now, @CreatedBy)
            returning no
            """,
            new
            {
                id,
                setup.ProviderNo,
                setup.AccountNo,
                setup.Gateway,
                instrument.Customer,
                instrument.Token,
                facts = instrument.Card.ToJson(),
                instrument.Card.Fingerprint,
                now = now.ToMicros(),
                setup.CreatedBy,
            },
            transaction);
        return new StoredCard(
            no, id, setup.ProviderNo, setup.AccountNo, setup.Gateway, instrument, now, RemovedAt: null);
    }

    public static async Task<StoredCard> Read(DbConnection connection, DbTransaction? transaction, long no) =>
        (await connection.QuerySingleAsync<CardRow>(
            $"select {Columns} from card where no = @no", new { no }, transaction)).ToCard();

    /// <summary>Those that an account has now, the newest first.</summary>
    public static async Task<IReadOnlyList<StoredCard>> OfAccount(
        DbConnection connection, DbTransaction? transaction, long accountNo)
    {
        var rows = await connection.QueryAsync<CardRow>(
            $"""
            select {Columns} from card where account_no = @accountNo and removed_at_micros is null order by no desc
            """,
            new { accountNo }, transaction);
        return [.. rows.Select(row => row.ToCard())];
    }

    /// <summary>Those that automatic billing charges, and of whose end nobody was told yet.</summary>
    public static async Task<IReadOnlyList<StoredCard>> Charged(
        DbConnection connection, DbTransaction transaction, int providerNo)
    {
        var columns = string.Join(", ", Columns.Split(',').Select(column => "c." + column.Trim()));
        var rows = await connection.QueryAsync<CardRow>(
            $"""
            select {columns} from card c join automatic_billing a on a.card_no = c.no
            where a.provider_no = @providerNo and a.is_on = 1 and c.removed_at_micros is null
              and c.reminded_at_micros is null
            """,
            new { providerNo }, transaction);
        return [.. rows.Select(row => row.ToCard())];
    }

    public static Task Reminded(DbConnection connection, DbTransaction transaction, long no, Instant now) =>
        connection.ExecuteAsync(
            "update card set reminded_at_micros = @now where no = @no", new { no, now = now.ToMicros() }, transaction);

    /// <summary>False when it is gone already.</summary>
    public static async Task<bool> Remove(
        DbConnection connection, DbTransaction transaction, long no, Instant now) =>
        await connection.ExecuteAsync(
            "update card set removed_at_micros = @now where no = @no and removed_at_micros is null",
            new { no, now = now.ToMicros() }, transaction) == 1;

    sealed class CardRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public long AccountNo { get; init; }
        public string Gateway { get; init; } = "";
        public string Customer { get; init; } = "";
        public string Token { get; init; } = "";
        public string Facts { get; init; } = "";
        public long CreatedAtMicros { get; init; }
        public long? RemovedAtMicros { get; init; }

        public StoredCard ToCard() => new(
            No, Id, ProviderNo, AccountNo, Gateway, new StoredInstrument(Customer, Token, CardFacts.Read(Facts)),
            Instants.FromMicros(CreatedAtMicros), Instants.FromMicros(RemovedAtMicros));
    }
}
