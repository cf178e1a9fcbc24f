using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>A call that is over, as lists of calls show it; micros of its account's currency.</summary>
public sealed record ListedCall
{
    public required long WalletNo { get; init; }
    public required long N { get; init; }
    public required CallKey Key { get; init; }
    public required Directions Direction { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required Instant StartedAt { get; init; }
    public required Instant RecordedAt { get; init; }

    /// <summary>Since it was answered; what was billed of it is <see cref="BilledSeconds"/>.</summary>
    public required int Seconds { get; init; }
    public required int BilledSeconds { get; init; }
    public required Disposition Disposition { get; init; }
    public required long ChargeMicros { get; init; }
    public required long TaxMicros { get; init; }
    public required string Prefix { get; init; }
    public required string Destination { get; init; }

    /// <summary>10⁻⁸ of the currency a minute.</summary>
    public required long RateE8 { get; init; }

    public long TotalMicros => checked(ChargeMicros + TaxMicros);

    /// <summary>A later entry gave the whole charge back.</summary>
    public required bool TakenBack { get; init; }

    /// <summary>Newest first; calls recorded in one moment in the order of wallets, the later numbered first.</summary>
    public static int NewestFirst(ListedCall one, ListedCall other)
    {
        var at = other.RecordedAt.CompareTo(one.RecordedAt);
        if (at != 0) return at;
        var wallet = one.WalletNo.CompareTo(other.WalletNo);
        return wallet != 0 ? wallet : other.N.CompareTo(one.N);
    }

    /// <summary>The columns of <see cref="Read"/>, in its order, of the table <c>call c</c>.</summary>
    internal const string Columns =
        """
        c.wallet_no, c.n, c.call_key, c.direction, c.from_number, c.to_number, c.started_at_micros,
        c.recorded_at_micros, c.seconds, c.billed_seconds, c.disposition, c.charge_micros, c.tax_micros, c.prefix,
        c.destination, c.rate_e8,
        exists (select 1 from entry e
          where e.wallet_no = c.wallet_no and e.call_n = c.n and e.reverses_seq is not null)
        """;

    internal static ListedCall Read(ref RowReader row) => new()
    {
        WalletNo = row.Long(),
        N = row.Long(),
        Key = new CallKey(row.Uuid()),
        Direction = (Directions)row.Small(),
        From = row.Text(),
        To = row.Text(),
        StartedAt = Instants.FromMicros(row.Long()),
        RecordedAt = Instants.FromMicros(row.Long()),
        Seconds = row.Int(),
        BilledSeconds = row.Int(),
        Disposition = (Disposition)row.Small(),
        ChargeMicros = row.Long(),
        TaxMicros = row.Long(),
        Prefix = row.Text(),
        Destination = row.Text(),
        RateE8 = row.Long(),
        TakenBack = row.Truth(),
    };
}
