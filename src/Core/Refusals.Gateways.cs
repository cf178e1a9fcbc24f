namespace Tollkeeper;

public static partial class Refusals
{
    static RefusalFacts[] OfGateways =>
    [
        new(Refusal.GatewayAway, "gateway_away", 503, 503,
            "The payment gateway does not answer now; please try again in a few minutes.",
            "La passerelle de paiement ne répond pas pour l’instant; veuillez réessayer dans quelques minutes.",
            "La pasarela de pago no responde ahora; inténtelo por favor de nuevo en unos minutos."),
        new(Refusal.GatewayRefused, "gateway_refused", 422, 400,
            "The payment gateway did not accept what it was asked; please choose another way to pay or ask support.",
            "La passerelle de paiement n’a pas accepté la demande; veuillez choisir un autre "
            + "mode de paiement ou joindre le soutien.",
            "La pasarela de pago no aceptó lo que se le pidió; elija por favor otra forma de "
            + "pago o pregunte a soporte."),
        new(Refusal.SignatureWrong, "signature_wrong", 400, 400,
            "The signature of this message is not the gateway’s; please compare the signing "
            + "secret in the gateway’s settings.",
            "La signature de ce message n’est pas celle de la passerelle; veuillez comparer "
            + "le secret de signature dans ses réglages.",
            "La firma de este mensaje no es de la pasarela; compare por favor el secreto de firma en sus ajustes."),
        new(Refusal.UnknownGateway, "unknown_gateway", 404, 404,
            "There is no such gateway here; please set it up in the office first.",
            "Cette passerelle n’existe pas ici; veuillez d’abord la configurer dans l’administration.",
            "Esa pasarela no existe aquí; configúrela por favor primero en la administración."),
    ];
}
