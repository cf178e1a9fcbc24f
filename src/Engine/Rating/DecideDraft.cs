using System.Data.Common;
using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// What staff decide about a draft, step by step. Each says which version of the draft was seen: of two who decide at
/// once, the second is refused with <see cref="Refusal.ChangedMeanwhile"/>.
/// </summary>
public sealed class DecideDraft(Database database, IClock clock, Func<int, RateDeckRules> rulesOf)
{
    public const string CheckJob = "deck-check";
    public const string ActivateJob = "deck-activate";
    public const int LongestRemark = 300;

    /// <summary>What the columns hold and when it shall take effect; every line is read after that.</summary>
    public Task<Result<DeckDraft>> SayColumns(
        Person by, string id, int version, DraftOptions options, Instant? from, CancellationToken ct = default)
    {
        if (options.Columns is { } columns && DeckMapping.Problem(columns) is { } problem)
            return Task.FromResult<Result<DeckDraft>>(problem);
        return Decide(by, id, version, draft => draft.TakesColumns, async (connection, transaction, draft, now) =>
        {
            if (from is { } wanted && EffectiveDates.TooSoon(now, wanted)) return Refusal.DeckTooSoon;
            if (!await DeckDraftStore.SaveOptions(connection, transaction, draft, options, from))
                return Refusal.ChangedMeanwhile;
            await JobStore.Ask(
                connection, transaction, CheckJob, draft.ProviderNo, Key(draft), draft.Id.Text, now);
            return null;
        }, ct);
    }

    /// <summary>
    /// Refusals beside: <see cref="Refusal.DeckNoticeShort"/>, <see cref="Refusal.DeckTooSoon"/>,
    /// <see cref="Refusal.BadText"/>.
    /// </summary>
    /// <param name="reason">Why prices rise sooner than customers are used to; empty where they do not.</param>
    public Task<Result<DeckDraft>> Ask(
        Person by, string id, int version, string reason, string address, CancellationToken ct = default) =>
        Decide(by, id, version, draft => draft.State == DraftState.Checked,
            async (connection, transaction, draft, now) =>
        {
            if (reason.Length > 0 && !PlainText.Fits(reason, LongestRemark)) return Refusal.BadText;
            var rules = rulesOf(draft.ProviderNo);
            var from = RateNotice.Judge(draft.Raises, now, draft.EffectiveFrom, rules.NoticeDays, reason);
            if (from.Refused is { } refused) return refused.Refusal;
            if (!await DeckDraftStore.Ask(
                connection, transaction, draft, by.UserNo, by.Email, reason, !rules.SecondPersonApproves))
                return Refusal.ChangedMeanwhile;
            var details = string.Create(
                CultureInfo.InvariantCulture,
                $"from {from.Value}: {draft.Counts.New} new, {draft.Counts.Dearer} dearer, "
                + $"{draft.Counts.Cheaper} cheaper, {draft.Counts.Removed} removed"
                + $"{(reason.Length == 0 ? "" : $"; sooner than notice: {reason}")}");
            await Record(Act.DeckAsked, by, connection, transaction, draft, details, address, now);
            if (!rules.SecondPersonApproves) await AskToActivate(connection, transaction, draft, now);
            return null;
        }, ct);

    /// <summary>Refusal beside: <see cref="Refusal.SecondPersonNeeded"/>.</summary>
    public Task<Result<DeckDraft>> Approve(
        Person by, string id, int version, string address, CancellationToken ct = default) =>
        Decide(by, id, version, draft => draft.State == DraftState.Asked,
            async (connection, transaction, draft, now) =>
        {
            if (draft.AskedByUserNo == by.UserNo) return Refusal.SecondPersonNeeded;
            if (!await DeckDraftStore.Approve(connection, transaction, draft, by.UserNo, by.Email))
                return Refusal.ChangedMeanwhile;
            await Record(Act.DeckApproved, by, connection, transaction, draft, "", address, now);
            await AskToActivate(connection, transaction, draft, now);
            return null;
        }, ct);

    /// <summary>Not so, or not yet: back to whoever works on it, with a remark.</summary>
    public Task<Result<DeckDraft>> Return(
        Person by, string id, int version, string remark, string address, CancellationToken ct = default) =>
        Decide(by, id, version, draft => draft is { State: DraftState.Asked, ApprovedBy: null },
            async (connection, transaction, draft, now) =>
            {
                if (!PlainText.Fits(remark, LongestRemark)) return Refusal.BadText;
                if (!await DeckDraftStore.Return(connection, transaction, draft, remark, null))
                    return Refusal.ChangedMeanwhile;
                await Record(Act.DeckReturned, by, connection, transaction, draft, remark, address, now);
                return null;
            }, ct);

    public Task<Result<DeckDraft>> Cancel(
        Person by, string id, int version, string address, CancellationToken ct = default) =>
        Decide(by, id, version, draft => draft.IsOpen, async (connection, transaction, draft, now) =>
        {
            if (!await DeckDraftStore.Move(connection, transaction, draft, DraftState.Cancelled))
                return Refusal.ChangedMeanwhile;
            await Record(Act.DeckCancelled, by, connection, transaction, draft, draft.FileName, address, now);
            return null;
        }, ct);

    /// <summary>The next step's work is asked for once a version of the draft.</summary>
    static string Key(DeckDraft draft) =>
        string.Create(CultureInfo.InvariantCulture, $"{draft.Id.Text} {draft.Version}");

    static Task AskToActivate(
        DbConnection connection, DbTransaction transaction, DeckDraft draft,
        Instant now) =>
        JobStore.Ask(connection, transaction, ActivateJob, draft.ProviderNo, Key(draft), draft.Id.Text, now);

    static async Task Record(
        Act act, Person by, DbConnection connection,
        DbTransaction transaction, DeckDraft draft, string details, string address, Instant now)
    {
        var deck = await DeckStore.Find(connection, transaction, draft.DeckNo);
        await AuditRecordStore.Insert(
            connection, transaction, DraftRecords.Of(act, by, deck.Value.Id.Text, details, address), now);
    }

    /// <summary>The draft as it stands after the step.</summary>
    Task<Result<DeckDraft>> Decide(
        Person by, string id, int version, Func<DeckDraft, bool> may,
        Func<DbConnection, DbTransaction, DeckDraft, Instant, Task<Refusal?>>
            step,
        CancellationToken ct) =>
        database.InTransaction<DeckDraft>(
            async (connection, transaction) =>
            {
                var draft = await DeckDraftStore.Find(connection, by.ProviderNo, id, transaction);
                if (draft.Refused is { } unknown) return unknown;
                if (draft.Value.Version != version || !may(draft.Value)) return Refusal.ChangedMeanwhile;
                var now = clock.GetCurrentInstant().CutToMicros();
                if (await step(connection, transaction, draft.Value, now) is { } refusal) return refusal;
                return await DeckDraftStore.Get(connection, draft.Value.No, transaction);
            },
            ct);
}
