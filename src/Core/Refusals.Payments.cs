namespace Tollkeeper;

public static partial class Refusals
{
    static RefusalFacts[] OfPayments =>
    [
        new(Refusal.DepositTooSmall, "deposit_too_small", 422, 400,
            "A deposit of that size is too small here; please choose at least the amount that is given.",
            "Un dépôt de ce montant est trop petit ici; veuillez choisir au moins le montant indiqué.",
            "Un depósito de ese importe es demasiado pequeño aquí; elija por favor al menos el importe indicado."),
        new(Refusal.DepositTooLarge, "deposit_too_large", 422, 400,
            "A deposit of that size is too large here; please choose at most the amount that is given.",
            "Un dépôt de ce montant est trop grand ici; veuillez choisir au plus le montant indiqué.",
            "Un depósito de ese importe es demasiado grande aquí; elija por favor como máximo el importe indicado."),
        new(Refusal.BalanceTooLarge, "balance_too_large", 422, 400,
            "The balance would be higher than is allowed here; please choose a smaller amount.",
            "Le solde dépasserait ce qui est permis ici; veuillez choisir un montant plus petit.",
            "El saldo superaría lo permitido aquí; elija por favor un importe menor."),
        new(Refusal.MethodNotOffered, "method_not_offered", 422, 400,
            "This way to pay is not offered for the account; please choose another one.",
            "Ce mode de paiement n’est pas offert pour le compte; veuillez en choisir un autre.",
            "Esta forma de pago no se ofrece para la cuenta; elija por favor otra."),
        new(Refusal.CardNotTaken, "card_not_taken", 422, 400,
            "Cards of that country are not taken for the account’s billing address; please pay in another way.",
            "Les cartes de ce pays ne sont pas acceptées pour l’adresse de facturation du compte; "
            + "veuillez payer autrement.",
            "Las tarjetas de ese país no se aceptan para la dirección de facturación de la cuenta; "
            + "pague por favor de otra forma."),
        new(Refusal.AutomaticNotOffered, "automatic_not_offered", 422, 400,
            "Automatic billing is not offered for that card and billing address; please pay by hand.",
            "La facturation automatique n’est pas offerte pour cette carte et cette adresse; "
            + "veuillez payer manuellement.",
            "La facturación automática no se ofrece para esa tarjeta y dirección; pague por favor manualmente."),
        new(Refusal.CardAddressDiffers, "card_address_differs", 422, 400,
            "The card’s address is not the billing address of the account; please make the two the same.",
            "L’adresse de la carte n’est pas l’adresse de facturation du compte; veuillez les faire concorder.",
            "La dirección de la tarjeta no es la de facturación de la cuenta; haga por favor que coincidan."),
        new(Refusal.BadTaxNumber, "bad_tax_number", 422, 400,
            "A registration number has not the form of its register; please compare it with the certificate.",
            "Un numéro d’inscription n’a pas la forme de son registre; veuillez le comparer au certificat.",
            "Un número de registro no tiene la forma de su registro; compárelo por favor con el certificado."),
    ];
}
