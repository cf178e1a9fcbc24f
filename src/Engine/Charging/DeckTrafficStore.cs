using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Charging;

/// <summary>A call that a deck priced: as much of it as its price by another deck follows from.</summary>
public readonly record struct TrafficCall(
    long AccountNo, string To, int Seconds, long ChargeMicros, string Prefix, string Destination, KeptTerms Terms)
{
    /// <summary>E.164 digits without plus.</summary>
    public ReadOnlySpan<char> Digits => To.StartsWith('+') ? To.AsSpan(1) : To;

    /// <summary>What the call's row says of where it ran; Canada–US took the interstate price.</summary>
    public CallJurisdiction Jurisdiction
    {
        get
        {
            var kept = (Jurisdiction)Terms.Jurisdiction;
            var column = kept switch
            {
                Tollkeeper.Rating.Jurisdiction.None => RateColumn.Flat,
                Tollkeeper.Rating.Jurisdiction.Interstate => RateColumn.Interstate,
                Tollkeeper.Rating.Jurisdiction.Intrastate => RateColumn.Intrastate,
                Tollkeeper.Rating.Jurisdiction.Indeterminate => RateColumn.Indeterminate,
                Tollkeeper.Rating.Jurisdiction.International =>
                    Digits is ['1', ..] ? RateColumn.Interstate : RateColumn.Flat,
            };
            return new CallJurisdiction(column, kept);
        }
    }

    /// <summary>Before tax; null where the deck has no rate for it.</summary>
    public long? PriceBy(RateDeck deck, Instant at) => deck.Find(Digits, at) is { Accepted: true, Value: var match }
        ? checked(match.PriceOf(Jurisdiction, Seconds).ChargeMicros + Terms.DipMicros)
        : null;
}

/// <summary>Who is charged by a deck, and their calls: in the order of accounts, some at a time.</summary>
static class DeckTrafficStore
{
    /// <summary>Accounts after a number that are charged by a deck in either direction and are not closed.</summary>
    public static async Task<IReadOnlyList<long>> Accounts(
        DbConnection connection, int deckNo, long after, int most, CancellationToken ct) =>
        [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            select no from account where no in (
              select no from account where outbound_deck_no = @deckNo and no > @after
              union select no from account where inbound_deck_no = @deckNo and no > @after)
            and closed_at_micros is null order by no limit @most
            """,
            new { deckNo, after, most }, cancellationToken: ct))];

    public static async Task<long> AccountCount(DbConnection connection, int deckNo, CancellationToken ct) =>
        await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            select count(*) from account where no in (
              select no from account where outbound_deck_no = @deckNo
              union select no from account where inbound_deck_no = @deckNo)
            and closed_at_micros is null
            """,
            new { deckNo }, cancellationToken: ct));

    /// <summary>The billable calls that a deck priced, of accounts of a range of numbers, recorded in a span.</summary>
    public static async IAsyncEnumerable<TrafficCall> Calls(
        DbConnection connection, int deckNo, long first, long last, Instant from, Instant until,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            select w.account_no, c.to_number, c.seconds, c.granted_seconds, c.charge_micros, c.prefix, c.destination,
              c.terms
            from wallet w join call c on c.wallet_no = w.no
            where w.account_no >= @first and w.account_no <= @last and c.recorded_at_micros >= @from
              and c.recorded_at_micros < @until and c.deck_no = @deck and c.billable = 1
            order by w.account_no
            """;
        command.CommandTimeout = 0;
        Add("@first", first);
        Add("@last", last);
        Add("@from", from.ToMicros());
        Add("@until", until.ToMicros());
        Add("@deck", deckNo);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            var terms = default(KeptTerms);
            Demand.That(
                KeptTerms.TryRead(Encoding.UTF8.GetBytes(reader.GetString(7)), ref terms), "a call's terms are kept");
            int? granted = reader.IsDBNull(3) ? null : reader.GetInt32(3);
            yield return new TrafficCall(
                reader.GetInt64(0), reader.GetString(1),
                Tollkeeper.Charging.Charge.SecondsOf(reader.GetInt32(2), granted), reader.GetInt64(4),
                reader.GetString(5), Once(reader.GetString(6)), terms);
        }

        // Equal names of destinations are one string: the calls of a month have some thousands of them.
        string Once(string name)
        {
            if (names.Count > 100_000) names.Clear();
            return names.TryAdd(name, name) ? name : names[name];
        }

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }
}
