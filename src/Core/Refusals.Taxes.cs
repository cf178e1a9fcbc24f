namespace Tollkeeper;

public static partial class Refusals
{
    static RefusalFacts[] OfTaxes =>
    [
        new(Refusal.DatesReversed, "dates_reversed", 422, 400,
            "The last day is before the first; please correct one of the two.",
            "Le dernier jour précède le premier; veuillez corriger l’un des deux.",
            "El último día es anterior al primero; corrija por favor uno de los dos."),
        new(Refusal.NotDeclared, "not_declared", 422, 400,
            "Only customers who resell the service are exempt; please check the box if that is what you declare.",
            "Seuls les clients qui revendent le service sont exonérés; veuillez cocher la "
            + "case si c’est ce que vous déclarez.",
            "Solo están exentos los clientes que revenden el servicio; marque por favor la "
            + "casilla si es lo que declara."),
        new(Refusal.ExemptionNotOffered, "exemption_not_offered", 422, 400,
            "No exemption of that kind is known for the province of the account; please check the service address.",
            "Aucune exonération de ce genre n’existe pour la province du compte; veuillez "
            + "vérifier l’adresse de service.",
            "No existe una exención de ese tipo para la provincia de la cuenta; compruebe "
            + "por favor la dirección de servicio."),
        new(Refusal.ExemptionStands, "exemption_stands", 409, 400,
            "An exemption like this is in force or waits for review; please withdraw it before you send another one.",
            "Une exonération semblable est en vigueur ou attend un examen; veuillez la "
            + "retirer avant d’en envoyer une autre.",
            "Una exención así está en vigor o espera revisión; retírela por favor antes de enviar otra."),
        new(Refusal.CertificateMissing, "certificate_missing", 422, 400,
            "There is no file to look at; please choose the completed certificate.",
            "Il n’y a pas de fichier à examiner; veuillez choisir le certificat rempli.",
            "No hay ningún archivo que revisar; elija por favor el certificado rellenado."),
        new(Refusal.BadCertificate, "bad_certificate", 422, 400,
            "The certificate is not a whole PDF, PNG or JPEG file of at most 2 MB; please send one that is.",
            "Le certificat n’est pas un fichier PDF, PNG ou JPEG complet d’au plus 2 Mo; "
            + "veuillez en envoyer un qui le soit.",
            "El certificado no es un archivo PDF, PNG o JPEG completo de 2 MB como máximo; "
            + "envíe por favor uno que lo sea."),
        new(Refusal.UnknownExemption, "unknown_exemption", 404, 404,
            "There is no such exemption; please open it from the list of exemptions.",
            "Cette exonération n’existe pas; veuillez l’ouvrir depuis la liste des exonérations.",
            "Esa exención no existe; ábrala por favor desde la lista de exenciones."),
        new(Refusal.ExemptionEnded, "exemption_ended", 409, 400,
            "This exemption is over already; please look at the list of exemptions once more.",
            "Cette exonération a déjà pris fin; veuillez revoir la liste des exonérations.",
            "Esta exención ya terminó; consulte por favor de nuevo la lista de exenciones."),
    ];

    static RefusalFacts[] OfTaxTables =>
    [
        new(Refusal.BadTaxRate, "bad_tax_rate", 422, 400,
            "The rate is not a percentage from 0 to 50 with at most four decimals; please write it like 9.975.",
            "Le taux n’est pas un pourcentage de 0 à 50 avec au plus quatre décimales; veuillez l’écrire comme 9,975.",
            "El tipo no es un porcentaje de 0 a 50 con cuatro decimales como máximo; escríbalo por favor como 9,975."),
        new(Refusal.TaxDatePast, "tax_date_past", 422, 400,
            "Deposits of past days have borne their taxes already; please choose today or a "
            + "later day, or give a reason, which goes on record.",
            "Les dépôts des jours passés ont déjà porté leurs taxes; veuillez choisir "
            + "aujourd’hui ou plus tard, ou donner un motif, qui sera consigné.",
            "Los depósitos de días pasados ya llevaron sus impuestos; elija por favor hoy o "
            + "más tarde, o dé un motivo, que queda registrado."),
        new(Refusal.TaxRateStands, "tax_rate_stands", 409, 400,
            "This tax has a rate for that day already, or one that begins later; please choose a later first day.",
            "Cette taxe a déjà un taux pour ce jour, ou un qui commence plus tard; veuillez "
            + "choisir un premier jour ultérieur.",
            "Este impuesto ya tiene un tipo para ese día, o uno que empieza más tarde; elija "
            + "por favor un primer día posterior."),
        new(Refusal.BadExchangeRate, "bad_exchange_rate", 422, 400,
            "This is not an exchange rate above zero with at most eight decimals; please write it like 1.3695.",
            "Ce n’est pas un taux de change au-dessus de zéro avec au plus huit décimales; "
            + "veuillez l’écrire comme 1,3695.",
            "No es un tipo de cambio mayor que cero con ocho decimales como máximo; escríbalo por favor como 1,3695."),
        new(Refusal.DateAhead, "date_ahead", 422, 400,
            "This day has not come yet; please choose today or an earlier one.",
            "Ce jour n’est pas encore venu; veuillez choisir aujourd’hui ou un jour antérieur.",
            "Ese día aún no ha llegado; elija por favor hoy o uno anterior."),
        new(Refusal.ExchangeRateStands, "exchange_rate_stands", 409, 400,
            "A rate is entered for that day already; please say in the remark why another one takes its place.",
            "Un taux est déjà inscrit pour ce jour; veuillez dire dans la remarque pourquoi un autre prend sa place.",
            "Ya hay un tipo introducido para ese día; diga por favor en la observación por qué otro ocupa su lugar."),
        new(Refusal.ExchangeRateOdd, "exchange_rate_odd", 422, 400,
            "The rate is more than a tenth away from the last one; please check it, or say "
            + "in the remark why it is right.",
            "Le taux s’écarte de plus d’un dixième du dernier; veuillez le vérifier, ou dire "
            + "dans la remarque pourquoi il est juste.",
            "El tipo se aparta más de una décima parte del último; compruébelo por favor, o "
            + "diga en la observación por qué es correcto."),
        new(Refusal.ExchangeRateMissing, "exchange_rate_missing", 409, 400,
            "No exchange rate is known for the tax date; please enter it with its source and ask again.",
            "Aucun taux de change n’est connu pour la date fiscale; veuillez l’inscrire avec sa source et redemander.",
            "No se conoce ningún tipo de cambio para la fecha fiscal; introdúzcalo por favor "
            + "con su fuente y pregunte de nuevo."),
    ];
}
