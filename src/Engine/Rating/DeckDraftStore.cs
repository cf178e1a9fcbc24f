using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>Drafts of decks. Whoever changes one says which version of it was seen.</summary>
public static class DeckDraftStore
{
    const string Columns =
        """
        no, id, provider_no, deck_no, state, version, file_name, file_sha256, options, effective_from_at_micros,
        by_user_no, by_whom, created_at_micros, base_version, rows, bad_lines, new_rates, dearer, cheaper, removed,
        unchanged, raises, effect_from_at_micros, effect_until_at_micros, effect_calls, effect_unrated,
        effect_before_micros, effect_after_micros, asked_by_user_no, asked_by, approved_by, override_reason,
        remark, refusal, deck_version, notice_file_no, told
        """;

    /// <summary>The new draft's number; null where the deck has an open one.</summary>
    public static Task<long?> Insert(
        DbConnection connection, DbTransaction transaction, string id, Deck deck, string fileName, string sha256,
        byte[] packed, DraftOptions options, long userNo, string by, Instant now) =>
        connection.ExecuteScalarAsync<long?>(
            """
            insert into deck_draft (
              id, provider_no, deck_no, state, file_name, file_sha256, file, options, by_user_no, by_whom,
              created_at_micros)
            values (@id, @ProviderNo, @No, @state, @fileName, @sha256, @packed, @options, @userNo, @by, @now)
            on conflict do nothing returning no
            """,
            new
            {
                id,
                deck.ProviderNo,
                deck.No,
                state = (short)DraftState.Uploaded,
                fileName,
                sha256,
                packed,
                options = options.ToJson(),
                userNo,
                by,
                now = now.ToMicros(),
            },
            transaction);

    /// <summary>A provider's draft by its id; the refusal is the same for one of another provider.</summary>
    public static async Task<Result<DeckDraft>> Find(
        DbConnection connection, int providerNo, string id, DbTransaction? transaction = null)
    {
        var row = await connection.QuerySingleOrDefaultAsync<DraftRow>(
            $"select {Columns} from deck_draft where id = @id and provider_no = @providerNo",
            new { id, providerNo }, transaction);
        return row is null ? Refusal.UnknownDraft : row.ToDraft();
    }

    public static async Task<DeckDraft> Get(DbConnection connection, long no, DbTransaction? transaction = null) =>
        (await connection.QuerySingleAsync<DraftRow>(
            $"select {Columns} from deck_draft where no = @no", new { no }, transaction)).ToDraft();

    /// <summary>The open draft of a deck, and those that are closed, newest first.</summary>
    public static async Task<IReadOnlyList<DeckDraft>> OfDeck(DbConnection connection, int deckNo, int most) =>
        [.. (await connection.QueryAsync<DraftRow>(
            $"select {Columns} from deck_draft where deck_no = @deckNo order by no desc limit @most",
            new { deckNo, most })).Select(row => row.ToDraft())];

    /// <summary>What waits for a second member of staff, the oldest first; a deck has one at most.</summary>
    public static async Task<IReadOnlyList<DeckDraft>> Waiting(DbConnection connection, int providerNo) =>
        [.. (await connection.QueryAsync<DraftRow>(
            $"""
            select {Columns} from deck_draft
            where provider_no = @providerNo and state = {(int)DraftState.Asked} and state < 6
              and asked_by is not null and approved_by is null
            order by no
            """,
            new { providerNo })).Select(row => row.ToDraft())];

    /// <summary>The file as it was sent, packed.</summary>
    public static async Task<byte[]> File(DbConnection connection, long no) =>
        await connection.ExecuteScalarAsync<byte[]>("select file from deck_draft where no = @no", new { no }) ?? [];

    /// <summary>False when somebody saved it meanwhile.</summary>
    public static async Task<bool> Move(
        DbConnection connection, DbTransaction transaction, DeckDraft seen, DraftState to) =>
        await connection.ExecuteAsync(
            """
            update deck_draft set state = @to, version = version + 1
            where no = @No and version = @Version and state = @from
            """,
            new { seen.No, seen.Version, from = (short)seen.State, to = (short)to }, transaction) == 1;

    /// <summary>What somebody says about the file, with a fresh check to come.</summary>
    public static async Task<bool> SaveOptions(
        DbConnection connection, DbTransaction transaction, DeckDraft seen, DraftOptions options,
        Instant? effectiveFrom) =>
        await connection.ExecuteAsync(
            """
            update deck_draft set state = @to, version = version + 1, options = @options,
              effective_from_at_micros = @from, refusal = null, remark = '', effect_from_at_micros = null,
              asked_by_user_no = null, asked_by = null,
              approved_by_user_no = null, approved_by = null, override_reason = ''
            where no = @No and version = @Version and state = @state
            """,
            new
            {
                seen.No,
                seen.Version,
                state = (short)seen.State,
                to = (short)DraftState.Checking,
                options = options.ToJson(),
                from = effectiveFrom?.ToMicros(),
            },
            transaction) == 1;

    /// <summary>What a check found; nothing where the draft is no longer being checked.</summary>
    public static async Task<bool> SaveCheck(
        DbConnection connection, DbTransaction transaction, DeckDraft seen, DraftState to, int baseVersion,
        int badLines, DraftCounts counts, bool raises, string? refusal) =>
        await connection.ExecuteAsync(
            """
            update deck_draft set state = @to, version = version + 1, base_version = @baseVersion,
              bad_lines = @badLines, rows = @Rows, new_rates = @New, dearer = @Dearer, cheaper = @Cheaper,
              removed = @Removed, unchanged = @Unchanged, raises = @raises, refusal = @refusal
            where no = @No and version = @Version and state = @checking
            """,
            new
            {
                seen.No,
                seen.Version,
                checking = (short)DraftState.Checking,
                to = (short)to,
                baseVersion,
                badLines,
                counts.Rows,
                counts.New,
                counts.Dearer,
                counts.Cheaper,
                counts.Removed,
                counts.Unchanged,
                raises = (short)(raises ? 1 : 0),
                refusal,
            },
            transaction) == 1;

    /// <summary>Who wants it in force, and why sooner than customers are used to.</summary>
    /// <param name="alone">Nobody else is to approve.</param>
    public static async Task<bool> Ask(
        DbConnection connection, DbTransaction transaction, DeckDraft seen, long userNo, string by, string reason,
        bool alone) =>
        await connection.ExecuteAsync(
            """
            update deck_draft set state = @asked, version = version + 1, asked_by_user_no = @userNo, asked_by = @by,
              override_reason = @reason, remark = '', refusal = null, approved_by = @approvedBy
            where no = @No and version = @Version and state = @checked
            """,
            new
            {
                seen.No,
                seen.Version,
                asked = (short)DraftState.Asked,
                @checked = (short)DraftState.Checked,
                userNo,
                by,
                reason,
                approvedBy = alone ? "" : null,
            },
            transaction) == 1;

    /// <summary>Back to whoever works on it, with a remark or the refusal that kept it from taking effect.</summary>
    public static async Task<bool> Return(
        DbConnection connection, DbTransaction transaction, DeckDraft seen, string remark, string? refusal) =>
        await connection.ExecuteAsync(
            """
            update deck_draft set state = @checked, version = version + 1, remark = @remark, refusal = @refusal,
              asked_by_user_no = null, asked_by = null,
              approved_by_user_no = null, approved_by = null
            where no = @No and version = @Version and state = @asked
            """,
            new
            {
                seen.No,
                seen.Version,
                asked = (short)DraftState.Asked,
                @checked = (short)DraftState.Checked,
                remark,
                refusal,
            },
            transaction) == 1;

    /// <summary>A second person agrees; false where that has happened, or the draft went back.</summary>
    public static async Task<bool> Approve(
        DbConnection connection, DbTransaction transaction, DeckDraft seen, long userNo, string by) =>
        await connection.ExecuteAsync(
            """
            update deck_draft set version = version + 1, approved_by_user_no = @userNo, approved_by = @by
            where no = @No and version = @Version and state = @asked and approved_by is null
            """,
            new { seen.No, seen.Version, asked = (short)DraftState.Asked, userNo, by }, transaction) == 1;

    /// <summary>It is a version now. In the transaction that shows the version.</summary>
    public static async Task<bool> Activated(
        DbConnection connection, DbTransaction transaction, DeckDraft seen, DeckVersion version) =>
        await connection.ExecuteAsync(
            """
            update deck_draft set state = @to, version = version + 1, deck_version = @deckVersion,
              effective_from_at_micros = @from
            where no = @No and version = @Version and state = @asked and approved_by is not null
            """,
            new
            {
                seen.No,
                seen.Version,
                deckVersion = version.Version,
                from = version.EffectiveFrom.ToMicros(),
                asked = (short)DraftState.Asked,
                to = (short)DraftState.Activated,
            },
            transaction) == 1;

    public static Task SaveEffect(
        DbConnection connection, DbTransaction transaction, long no, DraftEffect effect) =>
        connection.ExecuteAsync(
            """
            update deck_draft set effect_from_at_micros = @from, effect_until_at_micros = @until,
              effect_calls = @Calls, effect_unrated = @Unrated, effect_before_micros = @BeforeMicros,
              effect_after_micros = @AfterMicros
            where no = @no
            """,
            new
            {
                no,
                from = effect.From.ToMicros(),
                until = effect.Until.ToMicros(),
                effect.Calls,
                effect.Unrated,
                effect.BeforeMicros,
                effect.AfterMicros,
            },
            transaction);

    public static Task SaveTold(DbConnection connection, DbTransaction transaction, long no, int told) =>
        connection.ExecuteAsync(
            "update deck_draft set told = @told where no = @no", new { no, told }, transaction);

    public static Task SaveNoticeFile(DbConnection connection, DbTransaction transaction, long no, long fileNo) =>
        connection.ExecuteAsync(
            "update deck_draft set notice_file_no = @fileNo where no = @no", new { no, fileNo }, transaction);

    /// <summary>The deck's newest version of all that were saved; 0 where there is none.</summary>
    public static async Task<int> NewestVersion(
        DbConnection connection, int deckNo, DbTransaction? transaction = null) =>
        await connection.ExecuteScalarAsync<int>(
            "select coalesce(max(version), 0) from deck_version where deck_no = @deckNo and complete = 1",
            new { deckNo }, transaction);

    sealed class DraftRow
    {
        public long No { get; init; }
        public string Id { get; init; } = "";
        public int ProviderNo { get; init; }
        public int DeckNo { get; init; }
        public short State { get; init; }
        public int Version { get; init; }
        public string FileName { get; init; } = "";
        public string FileSha256 { get; init; } = "";
        public string Options { get; init; } = "";
        public long? EffectiveFromAtMicros { get; init; }
        public long ByUserNo { get; init; }
        public string ByWhom { get; init; } = "";
        public long CreatedAtMicros { get; init; }
        public int? BaseVersion { get; init; }
        public int Rows { get; init; }
        public int BadLines { get; init; }
        public int NewRates { get; init; }
        public int Dearer { get; init; }
        public int Cheaper { get; init; }
        public int Removed { get; init; }
        public int Unchanged { get; init; }
        public short Raises { get; init; }
        public long? EffectFromAtMicros { get; init; }
        public long? EffectUntilAtMicros { get; init; }
        public long EffectCalls { get; init; }
        public long EffectUnrated { get; init; }
        public long EffectBeforeMicros { get; init; }
        public long EffectAfterMicros { get; init; }
        public long? AskedByUserNo { get; init; }
        public string? AskedBy { get; init; }
        public string? ApprovedBy { get; init; }
        public string OverrideReason { get; init; } = "";
        public string Remark { get; init; } = "";
        public string? Refusal { get; init; }
        public int? DeckVersion { get; init; }
        public long? NoticeFileNo { get; init; }
        public int? Told { get; init; }

        public DeckDraft ToDraft()
        {
            Demand.That(PublicId.TryParse(Id, PublicId.Draft, out var id), "a draft's row has a draft's id");
            var effect = EffectFromAtMicros is { } from && EffectUntilAtMicros is { } until
                ? new DraftEffect(
                    Instants.FromMicros(from), Instants.FromMicros(until), EffectCalls, EffectUnrated,
                    EffectBeforeMicros, EffectAfterMicros)
                : null;
            return new DeckDraft(
                No, id, ProviderNo, DeckNo, (DraftState)State, Version, FileName, FileSha256,
                DraftOptions.FromJson(Options), Instants.FromMicros(EffectiveFromAtMicros), ByUserNo, ByWhom,
                Instants.FromMicros(CreatedAtMicros), BaseVersion, BadLines,
                new DraftCounts(Rows, NewRates, Dearer, Cheaper, Removed, Unchanged), Raises != 0, effect,
                AskedByUserNo, AskedBy, ApprovedBy, OverrideReason, Remark, Refusal, DeckVersion, NoticeFileNo, Told);
        }
    }
}
