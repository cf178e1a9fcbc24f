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
}
