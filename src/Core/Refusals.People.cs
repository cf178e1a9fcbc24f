namespace Tollkeeper;

public static partial class Refusals
{
    /// <summary>What people meet who sign in, and who look after those that do.</summary>
    static RefusalFacts[] OfPeople =>
    [
        new(Refusal.NotSignedIn, "not_signed_in", 401, 503,
            "You are not signed in, or your session has ended; please sign in.",
            "Vous n’avez pas ouvert de session ou elle a pris fin; veuillez ouvrir une session.",
            "No ha iniciado sesión o esta terminó; inicie por favor sesión."),
        new(Refusal.TooManyTries, "too_many_tries", 429, 503,
            "There were too many tries from your network in a short time; please wait a few minutes and try again.",
            "Trop d’essais sont venus de votre réseau en peu de temps; "
            + "veuillez patienter quelques minutes et réessayer.",
            "Hubo demasiados intentos desde su red en poco tiempo; "
            + "espere por favor unos minutos e inténtelo de nuevo."),
        new(Refusal.SignInLocked, "sign_in_locked", 429, 503,
            "After five wrong tries, nobody can sign in with this address for 15 minutes; "
            + "please wait, or reset the password.",
            "Après cinq essais erronés, cette adresse est bloquée pendant 15 minutes; "
            + "veuillez patienter ou réinitialiser le mot de passe.",
            "Tras cinco intentos fallidos, esta dirección queda bloqueada 15 minutos; "
            + "espere por favor o restablezca la contraseña."),
        new(Refusal.SignInFailed, "sign_in_failed", 422, 400,
            "The e-mail address and the password do not go together; please check both and try again.",
            "L’adresse courriel et le mot de passe ne correspondent pas; veuillez vérifier les deux et réessayer.",
            "La dirección de correo y la contraseña no corresponden; compruebe por favor ambas e inténtelo de nuevo."),
        new(Refusal.PasskeyRefused, "passkey_refused", 422, 400,
            "This passkey was not accepted here; please try again, or sign in with your password.",
            "Cette clé d’accès n’a pas été acceptée; "
            + "veuillez réessayer ou ouvrir une session avec votre mot de passe.",
            "Esta clave de acceso no se aceptó aquí; inténtelo por favor de nuevo o inicie sesión con su contraseña."),
        new(Refusal.TooManyPasskeys, "too_many_passkeys", 422, 400,
            "There are as many passkeys as one user may have; please remove one that you do not use.",
            "Il y a autant de clés d’accès qu’un utilisateur peut en avoir; veuillez en retirer une qui ne sert pas.",
            "Hay tantas claves de acceso como un usuario puede tener; quite por favor una que no use."),
        new(Refusal.CodeWrong, "code_wrong", 422, 400,
            "The code is not right, has expired or was used before; please enter the newest one.",
            "Le code est erroné, expiré ou déjà utilisé; veuillez entrer le plus récent.",
            "El código no es correcto, caducó o ya se usó; introduzca por favor el más reciente."),
        new(Refusal.EmailNotConfirmed, "email_not_confirmed", 403, 403,
            "The e-mail address has not been confirmed yet; "
            + "please follow the link in the mail, or ask for a new one.",
            "L’adresse courriel n’est pas encore confirmée; "
            + "veuillez suivre le lien du courriel ou en demander un nouveau.",
            "La dirección de correo aún no se ha confirmado; siga por favor el enlace del mensaje o pida uno nuevo."),
        new(Refusal.UserBarred, "user_barred", 403, 403,
            "This user may not sign in at present; please contact the provider’s support.",
            "Cet utilisateur ne peut ouvrir de session pour le moment; "
            + "veuillez communiquer avec le soutien du fournisseur.",
            "Este usuario no puede iniciar sesión por ahora; contacte por favor con el soporte del proveedor."),
        new(Refusal.LinkSpent, "link_spent", 404, 404,
            "The link has expired, was used before or is not whole; please ask for a new one.",
            "Le lien est expiré, a déjà servi ou est incomplet; veuillez en demander un nouveau.",
            "El enlace caducó, ya se usó o está incompleto; pida por favor uno nuevo."),
        new(Refusal.PasswordWrong, "password_wrong", 422, 400,
            "This is not your present password; please enter it again.",
            "Ce n’est pas votre mot de passe actuel; veuillez l’entrer de nouveau.",
            "Esa no es su contraseña actual; introdúzcala por favor de nuevo."),
        new(Refusal.PasswordTooShort, "password_too_short", 422, 400,
            "The password is too short; please choose one of at least 10 characters, such as a few words.",
            "Le mot de passe est trop court; "
            + "veuillez en choisir un d’au moins 10 caractères, par exemple quelques mots.",
            "La contraseña es demasiado corta; "
            + "elija por favor una de al menos 10 caracteres, por ejemplo varias palabras."),
        new(Refusal.PasswordGuessable, "password_guessable", 422, 400,
            "The password is one of the first that anybody would try; please choose another.",
            "Ce mot de passe est l’un des premiers qu’on essaierait; veuillez en choisir un autre.",
            "Esa contraseña es una de las primeras que cualquiera probaría; elija por favor otra."),
        new(Refusal.PasswordsDiffer, "passwords_differ", 422, 400,
            "The two new passwords are not the same; please enter both again.",
            "Les deux nouveaux mots de passe diffèrent; veuillez les entrer de nouveau.",
            "Las dos contraseñas nuevas no coinciden; introdúzcalas por favor de nuevo."),
        new(Refusal.BadEmail, "bad_email", 422, 400,
            "This is not an e-mail address that a mail could be sent to; please check it.",
            "Aucun courriel ne peut être envoyé à cette adresse; veuillez la vérifier.",
            "A esa dirección no se puede enviar un correo; revise por favor que esté bien escrita."),
        new(Refusal.UnknownUser, "unknown_user", 404, 404,
            "There is no such user; please check the provider and the e-mail address.",
            "Cet utilisateur n’existe pas; veuillez vérifier le fournisseur et l’adresse courriel.",
            "Ese usuario no existe; compruebe por favor el proveedor y la dirección de correo."),
        new(Refusal.BadRole, "bad_role", 422, 400,
            "This role is not one that the user can have; please choose one of the list.",
            "Cet utilisateur ne peut pas avoir ce rôle; veuillez en choisir un dans la liste.",
            "Ese usuario no puede tener esa función; elija por favor una de la lista."),
        new(Refusal.LastPrimaryAdmin, "last_primary_admin", 409, 400,
            "An account always has exactly one primary admin; please hand that over to another user first.",
            "Un compte a toujours exactement un administrateur principal; "
            + "veuillez d’abord confier ce rôle à un autre utilisateur.",
            "Una cuenta tiene siempre exactamente un administrador principal; "
            + "traspase por favor antes esa función a otro usuario."),
        new(Refusal.ChangedMeanwhile, "changed_meanwhile", 409, 400,
            "Somebody changed this at the same moment; please look at it again and repeat what you wanted.",
            "Quelqu’un a modifié ceci au même moment; veuillez y jeter un nouveau coup d’œil et recommencer.",
            "Alguien cambió esto en el mismo momento; mírelo por favor de nuevo y repita lo que quería."),
        new(Refusal.FormSent, "form_sent", 409, 400,
            "This form was sent before; please look at the page for what came of it.",
            "Ce formulaire a déjà été envoyé; veuillez en voir le résultat sur la page.",
            "Este formulario ya se envió; vea por favor el resultado en la página."),
    ];
}
