namespace Tollkeeper;

public static partial class Refusals
{
    /// <summary>The order of checks of a call: status, CPS, channels, number, rate, funds (PRE-05).</summary>
    static RefusalFacts[] OfCalls =>
    [
        new(Refusal.UnknownAccount, "unknown_account", 404, 404,
            "There is no such account; please check the account’s id or its SIP user name.",
            "Ce compte n’existe pas; veuillez vérifier l’identifiant du compte ou son nom d’utilisateur SIP.",
            "Esa cuenta no existe; compruebe por favor el identificador de la cuenta o su nombre de usuario SIP."),
        new(Refusal.UnknownCall, "unknown_call", 404, 404,
            "There is no call of this id from this switch; "
            + "please check both, or ask for the call to be let through first.",
            "Aucun appel de ce commutateur ne porte cet identifiant; "
            + "veuillez vérifier les deux, ou d’abord faire autoriser l’appel.",
            "Ese conmutador no tiene ninguna llamada con ese identificador; "
            + "compruebe por favor ambos o pida antes la autorización."),
        new(Refusal.AddressNotAllowed, "address_not_allowed", 403, 403,
            "The call comes from an address that the account is not allowed to call from, or the switch does not say "
            + "from where; please use an allowed one or ask support to allow it.",
            "L’appel vient d’une adresse d’où le compte ne peut appeler, ou le commutateur ne dit pas d’où il vient; "
            + "veuillez utiliser une adresse permise ou la faire permettre par le soutien.",
            "La llamada viene de una dirección desde la que la cuenta no puede llamar, o el conmutador no dice de "
            + "dónde; use por favor una permitida o pida al soporte que la permita."),
        new(Refusal.AccountClosed, "account_closed", 403, 403,
            "The account is closed; please ask the provider to open it again or use another account.",
            "Le compte est fermé; veuillez demander au fournisseur de le rouvrir ou utiliser un autre compte.",
            "La cuenta está cerrada; pida por favor al proveedor que la reabra o utilice otra cuenta."),
        new(Refusal.AccountSuspended, "account_suspended", 403, 403,
            "The account is suspended for calls in this direction; please contact the provider’s support.",
            "Le compte est suspendu pour les appels dans cette direction; "
            + "veuillez communiquer avec le soutien du fournisseur.",
            "La cuenta está suspendida para llamadas en esta dirección; "
            + "contacte por favor con el soporte del proveedor."),
        new(Refusal.InsufficientFundsStatus, "account_off_funds", 402, 402,
            "The account is off because its balance or credit is used up; please add funds or pay what is due.",
            "Le compte est inactif parce que son solde ou son crédit est épuisé; "
            + "veuillez ajouter des fonds ou payer le dû.",
            "La cuenta está inactiva porque su saldo o crédito se agotó; "
            + "agregue por favor fondos o pague lo adeudado."),
        new(Refusal.CpsExceeded, "cps_exceeded", 429, 503,
            "The account sends more calls per second than its limit; "
            + "please try again in a second or ask for a higher limit.",
            "Le compte dépasse sa limite d’appels par seconde; "
            + "veuillez réessayer dans une seconde ou demander une limite plus haute.",
            "La cuenta supera su límite de llamadas por segundo; "
            + "reintente por favor en un segundo o pida un límite mayor."),
        new(Refusal.ChannelsExceeded, "channels_exceeded", 429, 503,
            "All channels of the account are in use; please end a call first or ask for more channels.",
            "Tous les canaux du compte sont occupés; veuillez d’abord terminer un appel ou demander plus de canaux.",
            "Todos los canales de la cuenta están en uso; termine por favor antes una llamada o pida más canales."),
        new(Refusal.BadNumber, "bad_number", 422, 484,
            "The number cannot be dialled as it was sent; please send it whole, with its country code.",
            "Le numéro ne peut être composé tel qu’il a été envoyé; "
            + "veuillez l’envoyer en entier, avec l’indicatif de pays.",
            "El número no se puede marcar tal como se envió; envíelo por favor completo, con el código de país."),
        new(Refusal.NoRate, "no_rate", 404, 404,
            "No rate covers this number at this time; please check the number or ask the provider to add a rate.",
            "Aucun tarif ne couvre ce numéro en ce moment; veuillez vérifier le numéro ou demander l’ajout d’un tarif.",
            "Ninguna tarifa cubre este número en este momento; "
            + "compruebe por favor el número o pida que se añada una tarifa."),
        new(Refusal.DestinationBlocked, "destination_blocked", 403, 403,
            "Calls to this destination are blocked; please ask the provider whether they can be opened.",
            "Les appels vers cette destination sont bloqués; veuillez demander au fournisseur s’il peut les ouvrir.",
            "Las llamadas a este destino están bloqueadas; pregunte por favor al proveedor si se pueden abrir."),
        new(Refusal.TaxRateMissing, "tax_rate_missing", 404, 404,
            "The tax rate of that date is not entered, and it is never taken as zero; "
            + "please ask the provider to enter it.",
            "Le taux de taxe de cette date n’est pas inscrit et ne vaut jamais zéro; "
            + "veuillez demander au fournisseur de l’inscrire.",
            "La tasa del impuesto de esa fecha no está registrada y nunca vale cero; "
            + "pida por favor al proveedor que la registre."),
        new(Refusal.PriceMissing, "price_missing", 404, 404,
            "What was asked for has no price, and it is never taken as free; please ask the provider to set its price.",
            "Ce qui est demandé n’a pas de prix et n’est jamais gratuit par défaut; "
            + "veuillez demander au fournisseur d’en fixer un.",
            "Lo solicitado no tiene precio y nunca se toma por gratuito; "
            + "pida por favor al proveedor que fije su precio."),
        new(Refusal.CallTooLong, "call_too_long", 403, 403,
            "The call has reached the longest time that is allowed, and its grant stands; "
            + "please start a new call afterwards.",
            "L’appel a atteint la durée maximale et le temps accordé demeure; "
            + "veuillez ensuite commencer un nouvel appel.",
            "La llamada alcanzó la duración máxima y el tiempo concedido se mantiene; "
            + "inicie por favor después otra llamada."),
        new(Refusal.InsufficientFunds, "insufficient_funds", 402, 402,
            "The available funds do not cover what was asked for; "
            + "please add funds or wait until running calls have ended.",
            "Les fonds disponibles ne suffisent pas; "
            + "veuillez ajouter des fonds ou attendre la fin des appels en cours.",
            "Los fondos disponibles no bastan; "
            + "agregue por favor fondos o espere a que terminen las llamadas en curso."),
    ];
}
