namespace Tollkeeper;

public static partial class Refusals
{
    static RefusalFacts[] OfDrafts =>
    [
        new(Refusal.UnknownDraft, "unknown_draft", 404, 404,
            "There is no such draft of a rate deck; please open it from the page of its deck.",
            "Cette ébauche de grille n’existe pas; veuillez l’ouvrir depuis la page de sa grille.",
            "Ese borrador de tarifario no existe; ábralo por favor desde la página de su tarifario."),
        new(Refusal.DraftOpen, "draft_open", 409, 400,
            "Somebody is already working on a new version of this deck; please finish or cancel that draft first.",
            "Quelqu’un travaille déjà à une nouvelle version de cette grille; "
            + "veuillez d’abord terminer ou annuler cette ébauche.",
            "Alguien ya trabaja en una nueva versión de este tarifario; "
            + "termine o anule por favor primero ese borrador."),
        new(Refusal.DeckNoticeShort, "deck_notice_short", 422, 400,
            "Some prices rise before the notice that customers have a right to is over; "
            + "please choose a later date or give a reason, which goes on record.",
            "Des prix augmentent avant la fin du préavis auquel les clients ont droit; "
            + "veuillez choisir une date ultérieure ou donner un motif, qui sera consigné.",
            "Algunos precios suben antes de que acabe el preaviso al que los clientes tienen derecho; "
            + "elija por favor una fecha posterior o dé un motivo, del que quedará constancia."),
        new(Refusal.SecondPersonNeeded, "second_person_needed", 403, 403,
            "Whoever asks for this may not approve it too; please have somebody else of the staff look at it.",
            "La personne qui le demande ne peut pas aussi l’approuver; "
            + "veuillez le faire examiner par quelqu’un d’autre du personnel.",
            "Quien lo pide no puede también aprobarlo; haga por favor que otra persona del personal lo examine."),
    ];
}
