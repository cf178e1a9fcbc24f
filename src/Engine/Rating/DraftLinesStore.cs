using System.Data.Common;
using Dapper;
using NpgsqlTypes;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>A line of a draft's file that was refused, by the refusal's name.</summary>
public sealed record DraftBadLine(int N, long Line, string Refusal, string Detail);

/// <summary>A change as lists show it; prices in 10⁻⁸ a minute, terms in words: periods, fees.</summary>
public sealed record DraftChange(
    int N, RateChangeKind Kind, string Prefix, string Destination, long? BeforeE8, long? AfterE8, string BeforeTerms,
    string AfterTerms, bool Raises);

/// <summary>What of a sum falls to a customer or a destination; micros.</summary>
/// <param name="AccountId">Null for a destination.</param>
public sealed record DraftEffectLine(
    int N, string Name, string? AccountId, long Calls, long BeforeMicros, long AfterMicros);

/// <summary>What stands beneath a draft: bad lines, changes, effects. Written whole by a job, read in pages.</summary>
public static class DraftLinesStore
{
    public const short Customers = 1;
    public const short Destinations = 2;

    public static async Task ReplaceBad(
        DbConnection connection, DbTransaction transaction, long draftNo, BadLines bad)
    {
        await connection.ExecuteAsync(
            "delete from deck_draft_bad where draft_no = @draftNo", new { draftNo }, transaction);
        await connection.ExecuteAsync(
            """
            insert into deck_draft_bad (draft_no, n, line, refusal, detail)
            values (@draftNo, @n, @Line, @refusal, @Detail)
            """,
            bad.Kept.Select((each, n) =>
                new { draftNo, n, each.Line, refusal = Refusals.Of(each.Refusal).Name, each.Detail }),
            transaction);
    }

    public static async Task<IReadOnlyList<DraftBadLine>> Bad(
        DbConnection connection, long draftNo, int after, int most) =>
        [.. (await connection.QueryAsync<BadRow>(
            """
            select n, line, refusal, detail from deck_draft_bad
            where draft_no = @draftNo and n > @after order by n limit @most
            """,
            new { draftNo, after, most }))
            .Select(row => new DraftBadLine(row.N, row.Line, row.Refusal, row.Detail))];

    public static async Task ReplaceChanges(
        Database database, long draftNo, IReadOnlyList<RateChange> changes, CancellationToken ct)
    {
        var bulk = new BulkStore(
            database, "deck_draft_change", keyLength: 3,
            ("draft_no", NpgsqlDbType.Bigint), ("kind", NpgsqlDbType.Smallint), ("n", NpgsqlDbType.Integer),
            ("prefix", NpgsqlDbType.Text), ("destination", NpgsqlDbType.Text), ("before_e8", NpgsqlDbType.Bigint),
            ("after_e8", NpgsqlDbType.Bigint), ("before_terms", NpgsqlDbType.Text),
            ("after_terms", NpgsqlDbType.Text), ("raises", NpgsqlDbType.Smallint));
        await bulk.Delete($"draft_no = {draftNo}", ct);
        var n = 0;
        await bulk.Write(changes, Fill, null, ct);

        void Fill(RateChange change, object?[] row)
        {
            row[0] = draftNo;
            row[1] = (short)change.Kind;
            row[2] = n++;
            row[3] = change.Prefix;
            row[4] = change.Destination;
            row[5] = change.Before?.PerMinute.E8;
            row[6] = change.After?.PerMinute.E8;
            row[7] = change.Before is { } before ? before.TermsInWords : "";
            row[8] = change.After is { } after ? after.TermsInWords : "";
            row[9] = (short)(change.Raises ? 1 : 0);
        }
    }

    public static async Task<IReadOnlyList<DraftChange>> Changes(
        DbConnection connection, long draftNo, RateChangeKind kind, int after, int most, CancellationToken ct) =>
        [.. (await connection.QueryAsync<ChangeRow>(new CommandDefinition(
            """
            select n, kind, prefix, destination, before_e8, after_e8, before_terms, after_terms, raises
            from deck_draft_change where draft_no = @draftNo and kind = @kind and n > @after order by n limit @most
            """,
            new { draftNo, kind = (short)kind, after, most }, cancellationToken: ct)))
            .Select(row => new DraftChange(
                row.N, (RateChangeKind)row.Kind, row.Prefix, row.Destination, row.BeforeE8, row.AfterE8,
                row.BeforeTerms, row.AfterTerms, row.Raises != 0))];

    public static async Task ReplaceEffect(
        Database database, long draftNo, short kind,
        IReadOnlyList<(long? AccountNo, string Name, long Calls, long Before, long After)> lines,
        CancellationToken ct)
    {
        var bulk = new BulkStore(
            database, "deck_draft_effect", keyLength: 3,
            ("draft_no", NpgsqlDbType.Bigint), ("kind", NpgsqlDbType.Smallint), ("n", NpgsqlDbType.Integer),
            ("account_no", NpgsqlDbType.Bigint), ("name", NpgsqlDbType.Text), ("calls", NpgsqlDbType.Bigint),
            ("before_micros", NpgsqlDbType.Bigint), ("after_micros", NpgsqlDbType.Bigint));
        await bulk.Delete($"draft_no = {draftNo} and kind = {kind}", ct);
        var n = 0;
        await bulk.Write(lines, Fill, null, ct);

        void Fill((long? AccountNo, string Name, long Calls, long Before, long After) line, object?[] row)
        {
            row[0] = draftNo;
            row[1] = kind;
            row[2] = n++;
            row[3] = line.AccountNo;
            row[4] = line.Name;
            row[5] = line.Calls;
            row[6] = line.Before;
            row[7] = line.After;
        }
    }

    public static async Task<IReadOnlyList<DraftEffectLine>> Effect(
        DbConnection connection, long draftNo, short kind, int after, int most, CancellationToken ct) =>
        [.. (await connection.QueryAsync<EffectRow>(new CommandDefinition(
            """
            select e.n, coalesce(a.name, e.name) as name, a.id as account_id, e.calls, e.before_micros, e.after_micros
            from deck_draft_effect e left join account a on a.no = e.account_no
            where e.draft_no = @draftNo and e.kind = @kind and e.n > @after order by e.n limit @most
            """,
            new { draftNo, kind, after, most }, cancellationToken: ct)))
            .Select(row => new DraftEffectLine(
                row.N, row.Name, row.AccountId, row.Calls, row.BeforeMicros, row.AfterMicros))];

    sealed class BadRow
    {
        public int N { get; init; }
        public long Line { get; init; }
        public string Refusal { get; init; } = "";
        public string Detail { get; init; } = "";
    }

    sealed class ChangeRow
    {
        public int N { get; init; }
        public short Kind { get; init; }
        public string Prefix { get; init; } = "";
        public string Destination { get; init; } = "";
        public long? BeforeE8 { get; init; }
        public long? AfterE8 { get; init; }
        public string BeforeTerms { get; init; } = "";
        public string AfterTerms { get; init; } = "";
        public short Raises { get; init; }
    }

    sealed class EffectRow
    {
        public int N { get; init; }
        public string Name { get; init; } = "";
        public string? AccountId { get; init; }
        public long Calls { get; init; }
        public long BeforeMicros { get; init; }
        public long AfterMicros { get; init; }
    }
}
