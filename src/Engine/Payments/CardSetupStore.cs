using System.Data.Common;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>A page at a gateway on which a customer was to leave a card.</summary>
/// <param name="CardNo">The card that was left; null as long as there is none.</param>
/// <param name="Refusal">Why the card was not taken.</param>
public sealed record CardSetup(
    long No, string Id, int ProviderNo, long AccountNo, string Gateway, string? Reference, Instant CreatedAt,
    string CreatedBy, long? CardNo, string? Refusal);

public static class CardSetupStore
{
    const string Columns =
        """
        no, id, provider_no, account_no, gateway, reference, created_at_micros, created_by, card_no, refusal
        """;

    public static async Task<CardSetup> Insert(
        DbConnection connection, DbTransaction transaction, int providerNo, long accountNo, string gateway,
        Instant now, string by)
    {
        var id = Database.NewId(PublicId.CardSetup).Text;
        var no = await connection.ExecuteScalarAsync<long>(
            """
            insert into card_setup (id, provider_no, account_no, gateway, created_at_micros, created_by)
            values (@id, @providerNo, @accountNo, @gateway, @now, @by) returning no
            """,
            new { id, providerNo, accountNo, gateway, now = now.ToMicros(), by }, transaction);
        return new CardSetup(no, id, providerNo, accountNo, gateway, null, now, by, null, null);
    }

    public static Task SetReference(
        DbConnection connection, DbTransaction? transaction, long no, string reference, Instant nextAt) =>
        connection.ExecuteAsync(
            "update card_setup set reference = @reference, next_at_micros = @nextAt where no = @no",
            new { no, reference, nextAt = nextAt.ToMicros() }, transaction);

    /// <summary>Something happened to it: it is looked at now.</summary>
    public static Task Hint(
        DbConnection connection, DbTransaction transaction, int providerNo, string gateway, string target,
        Instant now) =>
        connection.ExecuteAsync(
            """
            update card_setup set next_at_micros = @now
            where provider_no = @providerNo and gateway = @gateway and (id = @target or reference = @target)
              and next_at_micros is not null
            """,
            new { providerNo, gateway, target, now = now.ToMicros() }, transaction);

    /// <summary>Takes those that are due, as <see cref="PaymentStore.TakeDue"/> does.</summary>
    public static async Task<IReadOnlyList<CardSetup>> TakeDue(
        DbConnection connection, DbTransaction transaction, Instant now, Instant again, int most)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        var rows = await connection.QueryAsync<SetupRow>(
            $"""
            update card_setup set next_at_micros = @again
            where no in (
              select no from card_setup where next_at_micros <= @now order by next_at_micros limit @most {skip})
            returning {Columns}
            """,
            new { now = now.ToMicros(), again = again.ToMicros(), most }, transaction);
        return [.. rows.Select(row => row.ToSetup())];
    }

    /// <summary>Of an account, the newest; null where there is none.</summary>
    public static async Task<CardSetup?> Newest(
        DbConnection connection, DbTransaction? transaction, long accountNo) =>
        (await connection.QuerySingleOrDefaultAsync<SetupRow>(
            $"select {Columns} from card_setup where account_no = @accountNo order by no desc limit 1",
            new { accountNo }, transaction))?.ToSetup();

    /// <summary>False when somebody else ended it.</summary>
    public static async Task<bool> End(
        DbConnection connection, DbTransaction transaction, long no, long? cardNo, string? refusal) =>
        await connection.ExecuteAsync(
            """
            update card_setup set card_no = @cardNo, refusal = @refusal, next_at_micros = null
            where no = @no and card_no is null and refusal is null
            """,
            new { no, cardNo, refusal }, transaction) == 1;

    sealed class SetupRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public long AccountNo { get; init; }
        public string Gateway { get; init; } = "";
        public string? Reference { get; init; }
        public long CreatedAtMicros { get; init; }
        public string CreatedBy { get; init; } = "";
        public long? CardNo { get; init; }
        public string? Refusal { get; init; }

        public CardSetup ToSetup() => new(
            No, Id, ProviderNo, AccountNo, Gateway, Reference, Instants.FromMicros(CreatedAtMicros), CreatedBy, CardNo,
            Refusal);
    }
}
