namespace Tollkeeper;

public static partial class Refusals
{
    /// <summary>What people meet in the portal and the office.</summary>
    static RefusalFacts[] OfPages =>
    [
        new(Refusal.PageNotFound, "page_not_found", 404, 404,
            "There is no such page, or it is not yours to see; please start from the menu.",
            "Cette page n’existe pas ou ne vous est pas destinée; veuillez repartir du menu.",
            "Esta página no existe o no le corresponde verla; empiece por favor desde el menú."),
        new(Refusal.ActingAsCustomer, "acting_as_customer", 403, 403,
            "You are looking at a customer’s portal, where nothing can be changed; please go "
            + "back to the office first.",
            "Vous consultez le portail d’un client, où rien ne peut être modifié; veuillez d’abord revenir au bureau.",
            "Está viendo el portal de un cliente, donde no se puede cambiar nada; vuelva por "
            + "favor primero a la oficina."),
        new(Refusal.FormExpired, "form_expired", 400, 400,
            "The form was open for too long or comes from another sign-in; please open the page again and repeat it.",
            "Le formulaire est resté ouvert trop longtemps ou vient d’une autre session; "
            + "veuillez rouvrir la page et recommencer.",
            "El formulario estuvo abierto demasiado tiempo o viene de otra sesión; "
            + "abra por favor la página de nuevo y repítalo."),
        new(Refusal.PageBroken, "page_broken", 500, 500,
            "Something failed on our side; please try again, and tell support the reference if it stays.",
            "Une erreur s’est produite de notre côté; "
            + "veuillez réessayer et donner la référence au soutien si elle persiste.",
            "Algo falló de nuestro lado; inténtelo por favor de nuevo y dé la referencia al soporte si continúa."),
    ];
}
