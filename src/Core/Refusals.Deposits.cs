namespace Tollkeeper;

public static partial class Refusals
{
    static RefusalFacts[] OfDeposits =>
    [
        new(Refusal.UnknownDeposit, "unknown_deposit", 404, 404,
            "There is no such deposit; please open it from the list of deposits.",
            "Ce dépôt n’existe pas; veuillez l’ouvrir depuis la liste des dépôts.",
            "Ese depósito no existe; ábralo por favor desde la lista de depósitos."),
        new(Refusal.DepositEnded, "deposit_ended", 409, 400,
            "This deposit is paid or cancelled already; please begin a new one.",
            "Ce dépôt est déjà payé ou annulé; veuillez en commencer un nouveau.",
            "Este depósito ya está pagado o anulado; inicie por favor uno nuevo."),
        new(Refusal.QuoteChanged, "quote_changed", 409, 400,
            "The taxes are not those that were shown any more; please look at the new total and pay again.",
            "Les taxes ne sont plus celles qui étaient affichées; veuillez vérifier le "
            + "nouveau total et payer de nouveau.",
            "Los impuestos ya no son los que se mostraban; compruebe por favor el nuevo total y pague de nuevo."),
        new(Refusal.PaymentUnderWay, "payment_under_way", 409, 400,
            "A payment of this deposit is under way; please wait until it is decided.",
            "Un paiement de ce dépôt est en cours; veuillez attendre qu’il soit décidé.",
            "Un pago de este depósito está en curso; espere por favor a que se decida."),
        new(Refusal.UnknownCard, "unknown_card", 404, 404,
            "There is no such stored card; please open it from the list of payment methods.",
            "Cette carte enregistrée n’existe pas; veuillez l’ouvrir depuis la liste des modes de paiement.",
            "Esa tarjeta guardada no existe; ábrala por favor desde la lista de formas de pago."),
        new(Refusal.CardExpired, "card_expired", 422, 400,
            "The card has expired; please store another one.",
            "La carte est expirée; veuillez en enregistrer une autre.",
            "La tarjeta ha caducado; guarde por favor otra."),
        new(Refusal.CardInUse, "card_in_use", 409, 400,
            "Automatic billing is on and charges this card; please turn it off or choose another card first.",
            "La facturation automatique est activée et débite cette carte; veuillez d’abord "
            + "la désactiver ou choisir une autre carte.",
            "La facturación automática está activada y cobra en esta tarjeta; desactívela o "
            + "elija por favor otra tarjeta primero."),
        new(Refusal.NothingToRefund, "nothing_to_refund", 409, 400,
            "So much of this deposit cannot be given back; please look at what is left of it.",
            "Un tel montant de ce dépôt ne peut pas être remboursé; veuillez voir ce qu’il en reste.",
            "No se puede devolver tanto de este depósito; mire por favor cuánto queda de él."),
        new(Refusal.UnknownPayment, "unknown_payment", 404, 404,
            "There is no such payment at this gateway; please compare its id.",
            "Ce paiement n’existe pas chez cette passerelle; veuillez comparer son identifiant.",
            "Ese pago no existe en esta pasarela; compare por favor su identificador."),
    ];
}
