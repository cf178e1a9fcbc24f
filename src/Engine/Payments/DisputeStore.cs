using System.Data.Common;
using System.Text.Json;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>Disputes of payments.</summary>
public static class DisputeStore
{
    const string Columns =
        """
        no, payment_no, deposit_no, provider_no, account_no, gateway_id, stage, amount_micros, currency, base_micros,
        lines, due_micros, wallet_no, entry_seq, reversed, told_stage
        """;

    /// <summary>As the gateway's words have it now; what changed is booked next.</summary>
    public static Task Put(
        DbConnection connection, DbTransaction transaction, Payment payment, PaymentDisputed said, Instant now) =>
        connection.ExecuteAsync(
            """
            insert into dispute (
              payment_no, deposit_no, provider_no, account_no, gateway_id, stage, amount_micros, currency, at_micros,
              next_at_micros)
            values (
              @No, @DepositNo, @ProviderNo, @AccountNo, @Id, @stage, @amount, @currency, @at, @now)
            on conflict (payment_no, gateway_id) do update set
              stage = excluded.stage, next_at_micros = excluded.next_at_micros
            where dispute.stage <> excluded.stage
            """,
            new
            {
                payment.No,
                payment.DepositNo,
                payment.ProviderNo,
                payment.AccountNo,
                said.Id,
                stage = (short)said.Stage,
                amount = said.Amount.Micros,
                currency = said.Amount.Currency.Code,
                at = said.At.ToMicros(),
                now = now.ToMicros(),
            },
            transaction);

    /// <summary>Takes those that are due, as <see cref="PaymentStore.TakeDue"/> does.</summary>
    public static async Task<IReadOnlyList<Dispute>> TakeDue(
        DbConnection connection, DbTransaction transaction, Instant now, Instant again, int most)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        var rows = await connection.QueryAsync<DisputeRow>(
            $"""
            update dispute set next_at_micros = @again
            where no in (
              select no from dispute where next_at_micros <= @now order by next_at_micros limit @most {skip})
            returning {Columns}
            """,
            new { now = now.ToMicros(), again = again.ToMicros(), most }, transaction);
        return [.. rows.Select(row => row.ToDispute()).OrderBy(dispute => dispute.No)];
    }

    /// <summary>Of a provider, the newest first.</summary>
    public static async Task<IReadOnlyList<Dispute>> OfProvider(
        DbConnection connection, DbTransaction? transaction, int providerNo, int most)
    {
        var rows = await connection.QueryAsync<DisputeRow>(
            $"select {Columns} from dispute where provider_no = @providerNo order by no desc limit @most",
            new { providerNo, most }, transaction);
        return [.. rows.Select(row => row.ToDispute())];
    }

    /// <summary>
    /// What is going to be booked, for good: what is left of a deposit changes with every call.
    /// </summary>
    public static Task Decided(
        DbConnection connection, DbTransaction transaction, long no, MoneyBack back, Money due) =>
        connection.ExecuteAsync(
            """
            update dispute set base_micros = @base, lines = @lines, due_micros = @due
            where no = @no and base_micros is null
            """,
            new { no, @base = back.Base.Micros, lines = JsonSerializer.Serialize(back.Lines), due = due.Micros },
            transaction);

    public static Task Booked(DbConnection connection, DbTransaction transaction, long no, EntryRef entry) =>
        connection.ExecuteAsync(
            "update dispute set wallet_no = @WalletNo, entry_seq = @Seq where no = @no",
            new { no, entry.WalletNo, entry.Seq }, transaction);

    /// <summary>
    /// Everything that follows of its stage is done; false when the stage changed meanwhile: then it is looked at
    /// again.
    /// </summary>
    public static async Task<bool> Done(
        DbConnection connection, DbTransaction transaction, Dispute dispute, bool reversed, Instant now)
    {
        await connection.ExecuteAsync(
            "update dispute set next_at_micros = @now where no = @No and stage <> @stage",
            new { dispute.No, stage = (short)dispute.Stage, now = now.ToMicros() }, transaction);
        return await connection.ExecuteAsync(
            """
            update dispute set reversed = @reversed, told_stage = @stage, next_at_micros = null
            where no = @No and stage = @stage
            """,
            new { dispute.No, reversed = (short)(reversed ? 1 : 0), stage = (short)dispute.Stage }, transaction) == 1;
    }

    /// <summary>What came into a wallet after an entry, less what of that went back; micros.</summary>
    /// <param name="reference">Of the deposit itself: what went back of it is not counted.</param>
    public static Task<long> CameAfter(
        DbConnection connection, DbTransaction transaction, long walletNo, long seq, string reference) =>
        connection.ExecuteScalarAsync<long>(
            $"""
            select cast(coalesce(sum(amount_micros), 0) as bigint) from entry
            where wallet_no = @walletNo and seq > @seq and (
              kind in ({(int)EntryKind.Deposit}, {(int)EntryKind.Credit})
              or (kind in ({(int)EntryKind.Refund}, {(int)EntryKind.Chargeback}) and reference <> @reference))
            """,
            new { walletNo, seq, reference }, transaction);

    /// <summary>The entry by which a deposit came; null where none did.</summary>
    public static async Task<EntryRef?> EntryOf(
        DbConnection connection, DbTransaction transaction, long accountNo, string reference)
    {
        var rows = await connection.QueryAsync<(long WalletNo, long Seq)>(
            $"""
            select e.wallet_no, e.seq from entry e join wallet w on w.no = e.wallet_no
            where w.account_no = @accountNo and e.kind = {(int)EntryKind.Deposit} and e.reference = @reference
            """,
            new { accountNo, reference }, transaction);
        return rows.Select(row => new EntryRef(row.WalletNo, row.Seq)).Cast<EntryRef?>().FirstOrDefault();
    }

    sealed class DisputeRow
    {
        public long No { get; init; }
        public long PaymentNo { get; init; }
        public long DepositNo { get; init; }
        public int ProviderNo { get; init; }
        public long AccountNo { get; init; }
        public string GatewayId { get; init; } = "";
        public int Stage { get; init; }
        public long AmountMicros { get; init; }
        public string Currency { get; init; } = "";
        public long? BaseMicros { get; init; }
        public string? Lines { get; init; }
        public long? DueMicros { get; init; }
        public long? WalletNo { get; init; }
        public long? EntrySeq { get; init; }
        public int Reversed { get; init; }
        public int ToldStage { get; init; }

        public Dispute ToDispute()
        {
            var currency = Tollkeeper.Currency.Of(Currency);
            return new Dispute(
                No, PaymentNo, DepositNo, ProviderNo, AccountNo, GatewayId, (DisputeStage)Stage,
                new Money(AmountMicros, currency),
                BaseMicros is { } micros
                    ? new MoneyBack(
                        new Money(micros, currency), JsonSerializer.Deserialize<List<DepositLine>>(Lines!)!)
                    : null,
                DueMicros is { } due ? new Money(due, currency) : null,
                WalletNo is { } wallet ? new EntryRef(wallet, EntrySeq!.Value) : null, Reversed != 0, ToldStage);
        }
    }
}
