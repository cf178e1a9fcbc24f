using Tollkeeper.Rating;

namespace Tollkeeper.Host.Office;

/// <summary>What people call the states of a draft, the kinds of its changes and the columns of its file.</summary>
static class DraftTexts
{
    public static (string Key, string Colour) State(DeckDraft draft) => draft.State switch
    {
        DraftState.Uploaded => ("decks.state-uploaded", ""),
        DraftState.Checking => ("decks.state-checking", "state-warn"),
        DraftState.Refused => ("decks.state-refused", "state-bad"),
        DraftState.Checked => ("decks.state-checked", "state-good"),
        DraftState.Asked => draft.ApprovedBy is null
            ? ("decks.state-asked", "state-warn") : ("decks.state-activating", "state-warn"),
        DraftState.Activated => ("decks.state-activated", "state-good"),
        DraftState.Cancelled => ("decks.state-cancelled", ""),
    };

    public static string Kind(RateChangeKind kind) => kind switch
    {
        RateChangeKind.New => "decks.new",
        RateChangeKind.Dearer => "decks.dearer",
        RateChangeKind.Cheaper => "decks.cheaper",
        RateChangeKind.Removed => "decks.removed",
    };

    public static string Field(DeckField field) => field switch
    {
        DeckField.None => "decks.field-none",
        DeckField.Prefix => "decks.field-prefix",
        DeckField.NpaNxx => "decks.field-npanxx",
        DeckField.Npa => "decks.field-npa",
        DeckField.Nxx => "decks.field-nxx",
        DeckField.Destination => "decks.field-destination",
        DeckField.Rate => "decks.field-rate",
        DeckField.First => "decks.field-first",
        DeckField.Next => "decks.field-next",
        DeckField.ConnectFee => "decks.field-connect",
        DeckField.Minimum => "decks.field-minimum",
        DeckField.Blocked => "decks.field-blocked",
        DeckField.From => "decks.field-from",
        DeckField.To => "decks.field-to",
        DeckField.Interstate => "decks.field-inter",
        DeckField.Intrastate => "decks.field-intra",
        DeckField.Indeterminate => "decks.field-ij",
    };
}
