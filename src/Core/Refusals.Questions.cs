namespace Tollkeeper;

public static partial class Refusals
{
    /// <summary>Who asks, and whether the question can be read, can be answered now, or was asked before.</summary>
    static RefusalFacts[] OfQuestions =>
    [
        new(Refusal.UnknownKey, "unknown_key", 401, 503,
            "The key is missing, unknown or revoked; please send a valid key as a bearer token.",
            "La clé est absente, inconnue ou révoquée; veuillez envoyer une clé valide comme jeton Bearer.",
            "Falta la clave, es desconocida o fue revocada; envíe por favor una clave válida como token Bearer."),
        new(Refusal.KeyRevoked, "key_revoked", 401, 503,
            "This key was revoked; please use another key.",
            "Cette clé a été révoquée; veuillez utiliser une autre clé.",
            "Esta clave fue revocada; utilice por favor otra clave."),
        new(Refusal.KeyExpired, "key_expired", 401, 503,
            "This key’s time is over; please use another key or have one made.",
            "La durée de cette clé est écoulée; veuillez en utiliser une autre ou en faire créer une.",
            "El plazo de esta clave ha terminado; utilice por favor otra clave o haga crear una."),
        new(Refusal.KeyNotForThis, "key_not_for_this", 403, 403,
            "This key may not do what was asked; please use a key of the kind that this request needs.",
            "Cette clé ne permet pas cette demande; veuillez utiliser une clé du type que la demande exige.",
            "Esta clave no permite lo solicitado; utilice por favor una clave del tipo que esta solicitud exige."),
        new(Refusal.UnknownProvider, "unknown_provider", 404, 404,
            "There is no provider of this name here; please check the host name or the provider’s name.",
            "Aucun fournisseur de ce nom n’existe ici; veuillez vérifier le nom d’hôte ou le nom du fournisseur.",
            "Aquí no existe ningún proveedor con ese nombre; compruebe por favor el nombre del host o del proveedor."),
        new(Refusal.TooLarge, "too_large", 413, 400,
            "The request is larger than is accepted; please send it in smaller parts.",
            "La demande dépasse la taille acceptée; veuillez l’envoyer en plus petites parties.",
            "La solicitud supera el tamaño admitido; envíela por favor en partes más pequeñas."),
        new(Refusal.MalformedJson, "malformed_json", 400, 400,
            "The request is not valid JSON of the expected shape; please correct it and send it again.",
            "La demande n’est pas du JSON valide de la forme attendue; veuillez la corriger et l’envoyer de nouveau.",
            "La solicitud no es JSON válido con la forma esperada; corríjala por favor y envíela de nuevo."),
        new(Refusal.MissingField, "missing_field", 400, 400,
            "A required field is missing or empty; please add it and send the request again.",
            "Un champ obligatoire est absent ou vide; veuillez l’ajouter et envoyer de nouveau la demande.",
            "Falta un campo obligatorio o está vacío; añádalo por favor y envíe de nuevo la solicitud."),
        new(Refusal.BadText, "bad_text", 422, 400,
            "A text holds characters that cannot be stored or is too long; please remove them or shorten the text.",
            "Un texte contient des caractères impossibles à conserver ou est trop long; "
            + "veuillez les retirer ou l’abréger.",
            "Un texto contiene caracteres que no se pueden guardar o es demasiado largo; "
            + "quítelos por favor o acórtelo."),
        new(Refusal.BadSwitch, "bad_switch", 422, 400,
            "The switch’s name is not acceptable; please use 1 to 64 letters, digits or the signs . _ : and -.",
            "Le nom du commutateur n’est pas acceptable; "
            + "veuillez employer de 1 à 64 lettres, chiffres ou signes . _ : et -.",
            "El nombre del conmutador no es aceptable; use por favor de 1 a 64 letras, cifras o los signos . _ : y -."),
        new(Refusal.BadCallId, "bad_call_id", 422, 400,
            "The call’s id is empty, too long or not plain text; please send the switch’s own short id of the call.",
            "L’identifiant de l’appel est vide, trop long ou illisible; "
            + "veuillez envoyer le court identifiant du commutateur.",
            "El identificador de la llamada está vacío, es demasiado largo o ilegible; "
            + "envíe por favor el del conmutador."),
        new(Refusal.BadDirection, "bad_direction", 422, 400,
            "The direction is neither outbound nor inbound; please send one of these two words.",
            "La direction n’est ni outbound ni inbound; veuillez envoyer l’un de ces deux mots.",
            "La dirección no es ni outbound ni inbound; envíe por favor una de estas dos palabras."),
        new(Refusal.BadDisposition, "bad_disposition", 422, 400,
            "The disposition is not known; please send answered, busy, noAnswer, cancelled, failed or rejected.",
            "L’issue de l’appel est inconnue; "
            + "veuillez envoyer answered, busy, noAnswer, cancelled, failed ou rejected.",
            "El desenlace no es conocido; envíe por favor answered, busy, noAnswer, cancelled, failed o rejected."),
        new(Refusal.BadSeconds, "bad_seconds", 422, 400,
            "The seconds are negative, absurdly many or do not fit the disposition; "
            + "please send a whole number in range.",
            "Le nombre de secondes est négatif, démesuré ou contredit l’issue; veuillez envoyer un entier plausible.",
            "Los segundos son negativos, desmesurados o contradicen el desenlace; "
            + "envíe por favor un entero plausible."),
        new(Refusal.BadInstant, "bad_instant", 422, 400,
            "A date or time cannot be read or lies too far away; please send it as RFC 3339 in UTC.",
            "Une date ou une heure est illisible ou trop éloignée; veuillez l’envoyer au format RFC 3339 en UTC.",
            "Una fecha u hora no se puede leer o está demasiado lejos; envíela por favor según RFC 3339 en UTC."),
        new(Refusal.BadAmount, "bad_amount", 422, 400,
            "An amount cannot be read or is out of range; please send plain digits with at most six decimals.",
            "Un montant est illisible ou hors limites; veuillez envoyer de simples chiffres et au plus six décimales.",
            "Un importe no se puede leer o está fuera de rango; "
            + "envíe por favor solo cifras y seis decimales como máximo."),
        new(Refusal.CurrencyMismatch, "currency_mismatch", 422, 400,
            "The currencies do not fit together; please use the currency of the account.",
            "Les devises ne concordent pas; veuillez utiliser la devise du compte.",
            "Las monedas no concuerdan; utilice por favor la moneda de la cuenta."),
        new(Refusal.EndBeforeStart, "end_before_start", 422, 400,
            "The end lies before the start; please check both times and send them again.",
            "La fin précède le début; veuillez vérifier les deux moments et les envoyer de nouveau.",
            "El final es anterior al inicio; compruebe por favor ambos momentos y envíelos de nuevo."),
        new(Refusal.BadSearch, "bad_search", 422, 400,
            "Numbers are searched for by their digits; please type a number or the beginning of one.",
            "On cherche un numéro par ses chiffres; veuillez taper un numéro ou son début.",
            "Los números se buscan por sus cifras; escriba por favor un número o su comienzo."),
        new(Refusal.BadDate, "bad_date", 422, 400,
            "This is not a date of the calendar; please write it as year-month-day, for example 2026-11-22.",
            "Cette date n’existe pas au calendrier; veuillez l’écrire sous la forme année-mois-jour, "
            + "par exemple 2026-11-22.",
            "Esta fecha no existe en el calendario; escríbala por favor como año-mes-día, por ejemplo 2026-11-22."),
        new(Refusal.BadTerm, "bad_term", 422, 400,
            "This is not a number of days from 0 to 180; please enter one.",
            "Ce n’est pas un nombre de jours de 0 à 180; veuillez en entrer un.",
            "Eso no es un número de días de 0 a 180; introduzca por favor uno."),
        new(Refusal.BadDateRange, "bad_date_range", 422, 400,
            "Calls are shown for the last ninety days, today included; please choose dates among these.",
            "Les appels des quatre-vingt-dix derniers jours sont affichés, aujourd’hui compris; "
            + "veuillez choisir des dates dans cette période.",
            "Se muestran las llamadas de los últimos noventa días, hoy incluido; "
            + "elija por favor fechas dentro de ese período."),
        new(Refusal.TooManyCalls, "too_many_calls", 422, 400,
            "There are too many calls to add them up while you wait; please choose fewer days.",
            "Il y a trop d’appels pour les additionner pendant que vous attendez; veuillez choisir moins de jours.",
            "Hay demasiadas llamadas para sumarlas mientras espera; elija por favor menos días."),
        new(Refusal.Busy, "busy", 503, 503,
            "Too many requests are waiting just now and nothing was decided; please send this one again shortly.",
            "Trop de demandes sont en attente et rien n’a été décidé; veuillez renvoyer celle-ci dans un instant.",
            "Hay demasiadas solicitudes en espera y no se decidió nada; envíe por favor esta de nuevo en un momento."),
        new(Refusal.ClockSkewed, "clock_skewed", 503, 503,
            "This server’s clock differs from the database’s; please ask another server and have the clock set right.",
            "L’horloge du serveur diffère de celle de la base; "
            + "veuillez interroger un autre serveur et faire régler l’horloge.",
            "El reloj del servidor difiere del de la base de datos; "
            + "consulte por favor otro servidor y haga ajustar el reloj."),
        new(Refusal.DatabaseAway, "database_away", 503, 503,
            "The database cannot be reached just now; please send the same request again shortly.",
            "La base de données est injoignable pour le moment; veuillez renvoyer la même demande dans un instant.",
            "La base de datos no está accesible en este momento; "
            + "envíe por favor la misma solicitud de nuevo en breve."),
        new(Refusal.RepeatedDifferently, "repeated_differently", 409, 400,
            "This was already accepted with other content, and the first answer stands; "
            + "please use a new id for a new matter.",
            "Ceci a déjà été accepté avec un autre contenu et la première réponse demeure; "
            + "veuillez prendre un nouvel identifiant.",
            "Esto ya se aceptó con otro contenido y la primera respuesta sigue vigente; "
            + "use por favor un identificador nuevo."),
        new(Refusal.CallInProgress, "call_in_progress", 409, 400,
            "This call is still in progress; please send its end instead of importing it.",
            "Cet appel est encore en cours; veuillez envoyer sa fin au lieu de l’importer.",
            "Esta llamada sigue en curso; envíe por favor su fin en lugar de importarla."),
        new(Refusal.CallEnded, "call_ended", 409, 400,
            "This call has already ended and was charged; please start a new call under a new id.",
            "Cet appel est déjà terminé et facturé; veuillez commencer un nouvel appel avec un nouvel identifiant.",
            "Esta llamada ya terminó y fue cobrada; inicie por favor una llamada nueva con un identificador nuevo."),
        new(Refusal.EndedBeforeAuthorize, "ended_before_authorize", 409, 400,
            "The end of this call came before its start, so it is not let through; "
            + "please start a new call under a new id.",
            "La fin de cet appel est arrivée avant son début, il n’est donc pas admis; "
            + "veuillez lancer un nouvel appel.",
            "El final de esta llamada llegó antes que su inicio, por eso no se admite; "
            + "inicie por favor una llamada nueva."),
    ];
}
