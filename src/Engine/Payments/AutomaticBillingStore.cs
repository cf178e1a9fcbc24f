using System.Data.Common;
using Dapper;
using NodaTime;
using Npgsql;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>Automatic billing of accounts, and what was charged by it.</summary>
public static class AutomaticBillingStore
{
    const string Columns =
        """
        account_no, provider_no, is_on, card_no, wallet, threshold_micros, amount_micros, declines, next_at_micros,
        told_day, counted_no, halted, wakes, version
        """;

    public static async Task<AutomaticSettings?> Find(
        DbConnection connection, DbTransaction? transaction, long accountNo) =>
        (await connection.QuerySingleOrDefaultAsync<AutomaticRow>(
            $"select {Columns} from automatic_billing where account_no = @accountNo", new { accountNo },
            transaction))?.ToSettings();

    /// <summary>Whoever has it decides about it until the commit.</summary>
    public static async Task<AutomaticSettings> Lock(
        DbConnection connection, DbTransaction transaction, long accountNo)
    {
        var wait = connection is NpgsqlConnection ? "for update" : "";
        return (await connection.QuerySingleAsync<AutomaticRow>(
            $"select {Columns} from automatic_billing where account_no = @accountNo {wait}", new { accountNo },
            transaction)).ToSettings();
    }

    /// <summary>What a person chose. False when somebody else changed it meanwhile.</summary>
    /// <param name="settings">With the version that the change was made of; 0: there was none.</param>
    public static async Task<bool> Save(
        DbConnection connection, DbTransaction transaction, AutomaticSettings settings, Instant now, string by)
    {
        var values = new
        {
            settings.AccountNo,
            settings.ProviderNo,
            isOn = (short)(settings.IsOn ? 1 : 0),
            settings.CardNo,
            settings.Wallet,
            settings.ThresholdMicros,
            settings.AmountMicros,
            settings.Declines,
            settings.Halted,
            settings.Version,
            now = now.ToMicros(),
            by,
        };
        var sql = settings.Version == 0
            ? """
              insert into automatic_billing (
                account_no, provider_no, is_on, card_no, wallet, threshold_micros, amount_micros, declines,
                next_at_micros, halted, version, changed_at_micros, changed_by)
              values (
                @AccountNo, @ProviderNo, @isOn, @CardNo, @Wallet, @ThresholdMicros, @AmountMicros, @Declines, @now,
                @Halted, 1, @now, @by)
              on conflict do nothing
              """
            : """
              update automatic_billing set is_on = @isOn, card_no = @CardNo, wallet = @Wallet,
                threshold_micros = @ThresholdMicros, amount_micros = @AmountMicros, declines = @Declines,
                next_at_micros = @now, wakes = wakes + 1, halted = @Halted, version = version + 1,
                changed_at_micros = @now, changed_by = @by
              where account_no = @AccountNo and version = @Version
              """;
        return await connection.ExecuteAsync(sql, values, transaction) == 1;
    }

    /// <summary>
    /// What followed by itself; the version stays. What happened since the look began is looked at next.
    /// </summary>
    public static Task Follow(DbConnection connection, DbTransaction transaction, AutomaticSettings settings) =>
        connection.ExecuteAsync(
            """
            update automatic_billing set is_on = @isOn, declines = @Declines,
              next_at_micros = case when wakes = @Wakes then @nextAt else next_at_micros end,
              told_day = @toldDay, counted_no = @CountedNo,
              halted = @Halted
            where account_no = @AccountNo
            """,
            new
            {
                settings.AccountNo,
                isOn = (short)(settings.IsOn ? 1 : 0),
                settings.Declines,
                nextAt = settings.NextAt?.ToMicros(),
                toldDay = settings.ToldDay is { } day ? StoredDate.Text(day) : null,
                settings.CountedNo,
                settings.Halted,
                settings.Wakes,
            },
            transaction);

    /// <summary>Looked at now: a wallet reached its threshold, or a payment ended.</summary>
    public static Task Wake(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> accounts, Instant now) =>
        accounts.Count == 0
            ? Task.CompletedTask
            : connection.ExecuteAsync(
                $"""
                update automatic_billing set next_at_micros = @now, wakes = wakes + 1
                where account_no {NumberList.IsOneOf(connection, "@nos")}
                """,
                new { nos = NumberList.Value(connection, accounts), now = now.ToMicros() }, transaction);

    /// <summary>Takes those that are due, as <see cref="PaymentStore.TakeDue"/> does.</summary>
    public static async Task<IReadOnlyList<long>> TakeDue(
        DbConnection connection, DbTransaction transaction, Instant now, Instant again, int most)
    {
        var skip = connection is NpgsqlConnection ? "for update skip locked" : "";
        var taken = await connection.QueryAsync<long>(
            $"""
            update automatic_billing set next_at_micros = @again
            where account_no in (
              select account_no from automatic_billing where next_at_micros <= @now
              order by next_at_micros limit @most {skip})
            returning account_no
            """,
            new { now = now.ToMicros(), again = again.ToMicros(), most }, transaction);
        return [.. taken.Order()];
    }

    /// <summary>
    /// Charges without the customer since a moment, of the account and of its card wherever it is stored (C25).
    /// </summary>
    public static async Task<IReadOnlyList<AutomaticAttempt>> Attempts(
        DbConnection connection, DbTransaction transaction, long accountNo, long cardNo, Instant since)
    {
        var rows = await connection.QueryAsync<AttemptRow>(
            """
            select p.no, p.account_no, p.state, p.created_at_micros, p.credited_at_micros from payment p
            where p.created_at_micros >= @since and p.card_no in (
              select other.no from card other
              join card mine on mine.fingerprint = other.fingerprint and mine.provider_no = other.provider_no
              where mine.no = @cardNo)
            union
            select p.no, p.account_no, p.state, p.created_at_micros, p.credited_at_micros from payment p
            where p.account_no = @accountNo and p.billing_day is not null and p.created_at_micros >= @since
            """,
            new { accountNo, cardNo, since = since.ToMicros() }, transaction);
        return [.. rows.OrderBy(row => row.No).Select(row => new AutomaticAttempt(
            row.No, row.AccountNo, (PaymentState)row.State, Instants.FromMicros(row.CreatedAtMicros),
            row.CreditedAtMicros is not null))];
    }

    sealed class AttemptRow
    {
        public long No { get; init; }
        public long AccountNo { get; init; }
        public int State { get; init; }
        public long CreatedAtMicros { get; init; }
        public long? CreditedAtMicros { get; init; }
    }

    sealed class AutomaticRow
    {
        public long AccountNo { get; init; }
        public int ProviderNo { get; init; }
        public int IsOn { get; init; }
        public long? CardNo { get; init; }
        public string Wallet { get; init; } = "";
        public long ThresholdMicros { get; init; }
        public long AmountMicros { get; init; }
        public int Declines { get; init; }
        public long? NextAtMicros { get; init; }
        public string? ToldDay { get; init; }
        public long? CountedNo { get; init; }
        public string? Halted { get; init; }
        public int Wakes { get; init; }
        public int Version { get; init; }

        public AutomaticSettings ToSettings() => new(
            AccountNo, ProviderNo, IsOn != 0, CardNo, Wallet, ThresholdMicros, AmountMicros, Declines,
            Instants.FromMicros(NextAtMicros), ToldDay is null ? null : StoredDate.Read(ToldDay), CountedNo, Halted,
            Wakes, Version);
    }
}

/// <summary>One charge without the customer.</summary>
/// <param name="Credited">Its money is in the balance.</param>
public readonly record struct AutomaticAttempt(
    long PaymentNo, long AccountNo, PaymentState State, Instant At, bool Credited)
{
    /// <summary>Its outcome is open, or has not reached the balance yet.</summary>
    public bool IsUnderWay =>
        State is PaymentState.Initiated or PaymentState.Authorized or PaymentState.Pending
        || (State == PaymentState.Settled && !Credited);
}
