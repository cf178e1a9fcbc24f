namespace Tollkeeper;

public static partial class Refusals
{
    static RefusalFacts[] OfOfflinePayments =>
    [
        new(Refusal.PaymentKnown, "payment_known", 409, 400,
            "A payment of this reference is recorded for the account already; please compare it with the list below.",
            "Un paiement de cette référence est déjà consigné pour le compte; veuillez le "
            + "comparer à la liste ci-dessous.",
            "Un pago con esta referencia ya está registrado para la cuenta; compárelo por "
            + "favor con la lista de abajo."),
        new(Refusal.PaymentDiffers, "payment_differs", 422, 400,
            "The amount is not that of the document; please correct it, or record it as a free sum.",
            "Le montant n’est pas celui du document; veuillez le corriger, ou le consigner comme somme libre.",
            "El importe no es el del documento; corríjalo por favor, o regístrelo como suma libre."),
        new(Refusal.PaymentGone, "payment_gone", 409, 400,
            "This payment has not settled, or its return is recorded already; please look at how far it is.",
            "Ce paiement n’est pas réglé, ou son retour est déjà consigné; veuillez vérifier où il en est.",
            "Este pago no está liquidado, o su devolución ya está registrada; mire por favor en qué estado está."),
    ];
}
