using System.Globalization;
using System.Text;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Reads calls by wallet and number, which is their key. Instants are said beside the numbers, so that PostgreSQL looks
/// at the months that are wanted and at no others.
/// </summary>
static class CallStore
{
    public const string Wallets = "select no, name, calls from wallet where account_no = $1 order by no";

    /// <summary>
    /// How many calls each wallet of an account had recorded before an instant ($2). Calls are numbered in the order in
    /// which they are recorded, so it is found in steps that halve what is left; what is older than the months that are
    /// looked at ($3) is before it.
    /// </summary>
    public const string CallsBefore =
        """
        with recursive search (wallet_no, low, high) as (
          select no, cast(0 as bigint), calls from wallet where account_no = $1
          union all
          select s.wallet_no,
            case when c.n is null or c.recorded_at_micros < $2 then (s.low + s.high + 1) / 2 else s.low end,
            case when c.n is null or c.recorded_at_micros < $2 then s.high else (s.low + s.high + 1) / 2 - 1 end
          from search s left join call c on c.wallet_no = s.wallet_no and c.n = (s.low + s.high + 1) / 2
            and c.recorded_at_micros >= $3
          where s.low < s.high)
        select wallet_no, low from search where low = high order by wallet_no
        """;

    /// <summary>The newest calls of a range that fit, at most so many.</summary>
    public static PageQuestion Newest(CallRange range, CallFilter filter, int most, Action<ListedCall> found)
    {
        var where = new Where(range, filter);
        return new PageQuestion(
            $"select {ListedCall.Columns} from call c where {where.Text} order by c.n desc limit {where.Add(most)}",
            row => found(ListedCall.Read(ref row)), where.Values);
    }

    /// <summary>When one call was recorded.</summary>
    public static PageQuestion RecordedAt(CallRange range, long n, Action<Instant> found) => new(
        """
        select recorded_at_micros from call where wallet_no = $1 and n = $2
          and recorded_at_micros >= $3 and recorded_at_micros < $4
        """,
        row => found(Instants.FromMicros(row.Long())), range.WalletNo, n, range.From.ToMicros(), range.To.ToMicros());

    public static PageQuestion Sums(CallRange range, CallFilter filter, Action<long, CallSums> found)
    {
        var where = new Where(range, filter);
        return new PageQuestion(
            $"""
            select count(*), cast(coalesce(sum(c.seconds), 0) as bigint),
              cast(coalesce(sum(c.billed_seconds), 0) as bigint), cast(coalesce(sum(c.charge_micros), 0) as bigint),
              cast(coalesce(sum(c.tax_micros), 0) as bigint)
            from call c where {where.Text}
            """,
            row => found(row.Long(), new CallSums(row.Long(), row.Long(), row.Long(), row.Long(), 0)), where.Values);
    }

    /// <summary>
    /// What of their charges was taken back: found from the few entries that did, and not from the many calls.
    /// </summary>
    public static PageQuestion TakenBack(CallRange range, CallFilter filter, Action<long> found)
    {
        var where = new Where(range, filter);
        return new PageQuestion(
            $"""
            select cast(coalesce(sum(c.charge_micros + c.tax_micros), 0) as bigint)
            from entry e join call c on c.wallet_no = e.wallet_no and c.n = e.call_n
            where e.wallet_no = $1 and e.call_n > $2 and e.call_n <= $3 and e.reverses_seq is not null
              and {where.Text}
            """,
            row => found(row.Long()), where.Values);
    }

    /// <summary>The conditions of a range and a filter, and their values.</summary>
    sealed class Where
    {
        readonly StringBuilder text = new(
            """
            c.wallet_no = $1 and c.n > $2 and c.n <= $3 and c.recorded_at_micros >= $4 and c.recorded_at_micros < $5
            """);

        readonly List<PageValue> values;

        public Where(CallRange range, CallFilter filter)
        {
            values = [range.WalletNo, range.After, range.UpTo, range.From.ToMicros(), range.To.ToMicros()];
            if (filter.Direction is { } direction) And($"c.direction = {Add((long)direction)}");
            if (filter.Disposition is { } disposition) And($"c.disposition = {Add((long)disposition)}");
            if (filter.NumberStarts is { Count: > 0 } starts)
                And($"({string.Join(" or ", starts.Select(Add).SelectMany(LikeNumbers))})");
            if (filter.Destination is { } destination)
            {
                var pattern = Add(LikePattern.Holding(destination.ToLowerInvariant()));
                And($@"lower(c.destination) like {pattern} escape '\'");
            }
        }

        public string Text => text.ToString();

        public PageValue[] Values => [.. values];

        public string Add(long value) => Add((PageValue)value);

        static string[] LikeNumbers(string value) =>
            [$"c.from_number like {value} || '%'", $"c.to_number like {value} || '%'"];

        string Add(string value) => Add((PageValue)value);

        string Add(PageValue value)
        {
            values.Add(value);
            return "$" + values.Count.ToString(CultureInfo.InvariantCulture);
        }

        void And(string condition) => text.Append(" and ").Append(condition);
    }
}

/// <summary>Calls of one wallet: numbers above one and up to another, recorded in a span of time.</summary>
/// <param name="Pays">The directions that this wallet pays for: it has no other calls.</param>
readonly record struct CallRange(
    long WalletNo, Directions Pays, long After, long UpTo, Instant From, Instant To)
{
    public long Count => Math.Max(0, UpTo - After);
}
