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
/// A draft becomes its deck's next version: written as any import is, shown in one transaction with the draft's end,
/// its record and the wish to tell customers. Where time or another import came first, the draft goes back.
/// </summary>
public sealed class ActivateDraft(Database database, IClock clock, Func<int, RateDeckRules> rulesOf)
{
    public const string NoticesJob = "deck-notices";

    public async Task<JobDone> Run(
        int providerNo, string id, DateTimeZone zone, Action<long, long> progress, CancellationToken ct)
    {
        var (draft, file, rounding) = await Load(providerNo, id, ct);
        if (draft.State != DraftState.Asked || draft.ApprovedBy is null) return JobDone.Of("changed meanwhile");
        var from = RateNotice.Judge(
            draft.Raises, clock.GetCurrentInstant(), draft.EffectiveFrom, rulesOf(providerNo).NoticeDays,
            draft.OverrideReason);
        var reading = DeckFile.Read(DraftFile.Open(file), draft.Options.Reading(zone));
        var refused = from.Refused ?? reading.Refused;
        if (refused is null)
        {
            // A decrease as soon as may be: the import judges again, after its rows are written.
            var import = new DeckImport(
                draft.DeckNo, rounding, draft.Options.ZeroRates,
                draft.EffectiveFrom is null && !draft.Raises ? null : from.Value, reading.Rates, draft.FileSha256,
                draft.ApprovedBy is { Length: > 0 } second ? second : draft.AskedBy!);
            var imported = await new ImportDeck(database, clock).Run(
                import, rows => progress(rows, reading.Rates.Count),
                (connection, transaction, version) => Close(connection, transaction, draft, version), ct);
            if (imported.Accepted) return JobDone.Of($"version {imported.Value.Version}");
            refused = imported.Refused;
        }
        await GiveBack(draft, refused!.Refusal, ct);
        return JobDone.Of(Refusals.Of(refused.Refusal).Name);
    }

    async Task<(DeckDraft Draft, byte[] File, Rounding Rounding)> Load(
        int providerNo, string id, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var draft = (await DeckDraftStore.Find(connection, providerNo, id)).Value;
        var versions = await DeckStore.VersionsOf(connection, draft.DeckNo);
        var rounding = versions.Count > 0 ? versions[0].Version.Rounding : Rounding.Micros;
        return (draft, await DeckDraftStore.File(connection, draft.No), rounding);
    }

    async Task<Refused?> Close(
        DbConnection connection, DbTransaction transaction, DeckDraft draft, DeckVersion version)
    {
        // What was compared, and looked at by two people, was another version: look again.
        if (await DeckDraftStore.NewestVersion(connection, draft.DeckNo, transaction) != draft.BaseVersion)
            return Refusal.ChangedMeanwhile;
        if (!await DeckDraftStore.Activated(connection, transaction, draft, version)) return Refusal.ChangedMeanwhile;
        var deck = await DeckStore.Find(connection, transaction, draft.DeckNo);
        var now = clock.GetCurrentInstant();
        var details = string.Create(
            CultureInfo.InvariantCulture,
            $"version {version.Version} from {version.EffectiveFrom}, asked by {draft.AskedBy}"
            + $"{(draft.ApprovedBy is { Length: > 0 } second ? $", approved by {second}" : "")}");
        await AuditRecordStore.Insert(
            connection, transaction,
            new AuditRecord(
                Act.DeckActivated, draft.ProviderNo, draft.AskedByUserNo, null, deck.Value.Id.Text, details)
            {
                Before = $"{draft.BaseVersion}",
                After = $"{version.Version}",
            },
            now);
        await JobStore.Ask(
            connection, transaction, NoticesJob, draft.ProviderNo, draft.Id.Text, draft.Id.Text, now);
        return null;
    }

    Task<bool> GiveBack(DeckDraft draft, Refusal refusal, CancellationToken ct) => database.InTransaction<bool>(
        (connection, transaction) => DeckDraftStore.Return(
            connection, transaction, draft, "", Refusals.Of(refusal).Name),
        ct);
}
