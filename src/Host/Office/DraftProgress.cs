using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Office;

/// <summary>Waits a moment for a step that jobs do, so that a small deck is there when the next page is.</summary>
static class DraftProgress
{
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(150);
    const int MostLooks = 12;

    /// <summary>Whether a job is at it, and the page says so.</summary>
    public static bool IsBusy(DeckDraft draft) => draft.State switch
    {
        DraftState.Checking => true,
        DraftState.Checked => draft is { Effect: null, BaseVersion: > 0 },
        DraftState.Asked => draft.ApprovedBy is not null,
        DraftState.Activated => draft.Told is null && draft.BaseVersion > 0,
        DraftState.Uploaded or DraftState.Refused or DraftState.Cancelled => false,
    };

    public static async Task Wait(Installation installation, DeckDraft draft)
    {
        using var timer = new PeriodicTimer(Between);
        for (var look = 0; look < MostLooks; look++)
        {
            await installation.Jobs.Tick();
            await timer.WaitForNextTickAsync();
            await using var connection = await installation.Database.ConnectForPage();
            var now = (await DeckDraftStore.Find(connection, draft.ProviderNo, draft.Id.Text)).Value;
            if (!IsBusy(now)) return;
        }
    }
}
