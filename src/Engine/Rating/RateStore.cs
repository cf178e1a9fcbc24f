using System.Data.Common;
using NodaTime;
using NpgsqlTypes;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>The rows of deck versions: written once, before the version is complete, and read whole.</summary>
public static class RateStore
{
    const string Columns =
        """
        prefix, destination, per_minute_e8, first_seconds, next_seconds, connect_fee_micros, minimum_micros,
        blocked, interstate_e8, intrastate_e8, indeterminate_e8, effective_from_at_micros, effective_to_at_micros
        """;

    public static Task Write(
        Database database, int deckNo, int version, IReadOnlyList<Rate> rates, Action<int>? onRows,
        bool alone, CancellationToken ct)
    {
        var line = 0;
        return Bulk(database, alone).Write(rates, Fill, onRows, ct);

        void Fill(Rate rate, object?[] row)
        {
            row[0] = deckNo;
            row[1] = version;
            row[2] = ++line;
            row[3] = rate.Prefix;
            row[4] = rate.Destination;
            row[5] = rate.PerMinute.E8;
            row[6] = rate.FirstSeconds;
            row[7] = rate.NextSeconds;
            row[8] = rate.ConnectFeeMicros;
            row[9] = rate.MinimumMicros;
            row[10] = rate.Blocked ? (short)1 : (short)0;
            row[11] = rate.Interstate?.E8;
            row[12] = rate.Intrastate?.E8;
            row[13] = rate.Indeterminate?.E8;
            row[14] = rate.From?.ToMicros();
            row[15] = rate.To?.ToMicros();
        }
    }

    /// <summary>
    /// Removes the rows of a version that never became complete; those of one that did stay, even where its importer
    /// did not learn that it did.
    /// </summary>
    public static Task Remove(Database database, int deckNo, int version, CancellationToken ct) =>
        Bulk(database).Delete($"""
            deck_no = {deckNo} and version = {version} and not exists (
              select 1 from deck_version v where v.deck_no = {deckNo} and v.version = {version} and v.complete = 1)
            """, ct);

    /// <summary>All rows of a version, in the order of its file. Equal destination names are one string.</summary>
    public static async Task<IReadOnlyList<Rate>> Read(
        DbConnection connection, DeckVersion version, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"select {Columns} from rate where deck_no = @deck and version = @version order by line";
        command.CommandTimeout = 0;
        AddParameter(command, "@deck", version.DeckNo);
        AddParameter(command, "@version", version.Version);
        var rates = new List<Rate>(version.RowCount);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) rates.Add(ReadRow(reader, names));
        return rates;
    }

    /// <summary>Some rows of a version after a line of its file, whose prefixes begin with given digits.</summary>
    public static async Task<IReadOnlyList<(int Line, Rate Rate)>> Page(
        DbConnection connection, DeckVersion version, string prefixStart, int afterLine, int most,
        CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            select {Columns}, line from rate
            where deck_no = @deck and version = @version and line > @after and prefix like @start
            order by line limit @most
            """;
        AddParameter(command, "@deck", version.DeckNo);
        AddParameter(command, "@version", version.Version);
        AddParameter(command, "@after", afterLine);
        AddParameter(command, "@start", prefixStart + "%");
        AddParameter(command, "@most", most);
        var rates = new List<(int, Rate)>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) rates.Add((reader.GetInt32(13), ReadRow(reader, names)));
        return rates;
    }

    static Rate ReadRow(DbDataReader reader, Dictionary<string, string> names)
    {
        var destination = reader.GetString(1);
        if (!names.TryAdd(destination, destination)) destination = names[destination];
        return new Rate
        {
            Prefix = reader.GetString(0),
            Destination = destination,
            PerMinute = new PerMinute(reader.GetInt64(2)),
            FirstSeconds = reader.GetInt32(3),
            NextSeconds = reader.GetInt32(4),
            ConnectFeeMicros = reader.GetInt64(5),
            MinimumMicros = reader.GetInt64(6),
            Blocked = reader.GetInt16(7) != 0,
            Interstate = Price(8),
            Intrastate = Price(9),
            Indeterminate = Price(10),
            From = At(11),
            To = At(12),
        };

        PerMinute? Price(int column) => reader.IsDBNull(column) ? null : new PerMinute(reader.GetInt64(column));

        Instant? At(int column) => reader.IsDBNull(column) ? null : Instants.FromMicros(reader.GetInt64(column));
    }

    static BulkStore Bulk(Database database, bool alone = false) => new(
        database, "rate", keyLength: 3,
        ("deck_no", NpgsqlDbType.Integer), ("version", NpgsqlDbType.Integer), ("line", NpgsqlDbType.Integer),
        ("prefix", NpgsqlDbType.Text), ("destination", NpgsqlDbType.Text), ("per_minute_e8", NpgsqlDbType.Bigint),
        ("first_seconds", NpgsqlDbType.Integer), ("next_seconds", NpgsqlDbType.Integer),
        ("connect_fee_micros", NpgsqlDbType.Bigint), ("minimum_micros", NpgsqlDbType.Bigint),
        ("blocked", NpgsqlDbType.Smallint), ("interstate_e8", NpgsqlDbType.Bigint),
        ("intrastate_e8", NpgsqlDbType.Bigint),
        ("indeterminate_e8", NpgsqlDbType.Bigint), ("effective_from_at_micros", NpgsqlDbType.Bigint),
        ("effective_to_at_micros", NpgsqlDbType.Bigint))
    {
        Alone = alone,
    };

    static void AddParameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
