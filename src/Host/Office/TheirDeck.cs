using Microsoft.AspNetCore.Http;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Host.Shell;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Office;

/// <summary>The deck, and the draft of a new version of it, that an address of the office names.</summary>
static class TheirDeck
{
    /// <summary>Null where this provider has none of that id; one that another may have goes on record.</summary>
    public static async Task<Deck?> Find(Installation installation, HttpContext http, string id)
    {
        if (!PublicId.TryParse(id, PublicId.Deck, out _)) return null;
        await using var connection = await installation.Database.ConnectForPage(http.RequestAborted);
        var found = await DeckStore.FindById(connection, Visit.Of(http).Person!.ProviderNo, id);
        if (found.Accepted) return found.Value;
        ForeignId.Record(http, id);
        return null;
    }

    public static async Task<(Deck Deck, DeckDraft Draft)?> FindDraft(
        Installation installation, HttpContext http, string deckId, string draftId)
    {
        if (!PublicId.TryParse(draftId, PublicId.Draft, out _)) return null;
        if (await Find(installation, http, deckId) is not { } deck) return null;
        await using var connection = await installation.Database.ConnectForPage(http.RequestAborted);
        var draft = await DeckDraftStore.Find(connection, deck.ProviderNo, draftId);
        if (draft.Accepted && draft.Value.DeckNo == deck.No) return (deck, draft.Value);
        ForeignId.Record(http, draftId);
        return null;
    }

    public static string Path(Deck deck, DeckDraft draft) => $"/office/rates/{deck.Id.Text}/drafts/{draft.Id.Text}";
}
