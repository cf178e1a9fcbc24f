namespace Tollkeeper;

public static partial class Refusals
{
    /// <summary>Files, decks, policies, corrections, and the state of the installation.</summary>
    static RefusalFacts[] OfOperators =>
    [
        new(Refusal.UnknownDeck, "unknown_deck", 404, 404,
            "There is no such rate deck; please check its name or number.",
            "Cette grille tarifaire n’existe pas; veuillez vérifier son nom ou son numéro.",
            "Ese tarifario no existe; compruebe por favor su nombre o su número."),
        new(Refusal.FileUnreadable, "file_unreadable", 422, 400,
            "The file does not exist or cannot be read as expected; please check its path, its rights and its form.",
            "Le fichier n’existe pas ou ne peut être lu comme prévu; "
            + "veuillez vérifier son chemin, ses droits et sa forme.",
            "El archivo no existe o no se puede leer como se esperaba; "
            + "compruebe por favor su ruta, sus permisos y su forma."),
        new(Refusal.FileNotUtf8, "file_not_utf8", 422, 400,
            "The file is not text in UTF-8; please save it with this encoding and send it again.",
            "Le fichier n’est pas du texte en UTF-8; veuillez l’enregistrer dans ce codage et l’envoyer de nouveau.",
            "El archivo no es texto en UTF-8; guárdelo por favor con esta codificación y envíelo de nuevo."),
        new(Refusal.FileTooLarge, "file_too_large", 413, 400,
            "The file is larger than is accepted; please split it and send the parts.",
            "Le fichier dépasse la taille acceptée; veuillez le diviser et envoyer les parties.",
            "El archivo supera el tamaño admitido; divídalo por favor y envíe las partes."),
        new(Refusal.DeckEmpty, "deck_empty", 422, 400,
            "The rate deck holds no rate; please add at least one line below the header.",
            "La grille tarifaire ne contient aucun tarif; veuillez ajouter au moins une ligne sous l’en-tête.",
            "El tarifario no contiene ninguna tarifa; añada por favor al menos una línea bajo el encabezado."),
        new(Refusal.DeckColumnMissing, "deck_column_missing", 422, 400,
            "The rate deck lacks a required column; please add it to the header and to every line.",
            "Il manque une colonne obligatoire à la grille tarifaire; "
            + "veuillez l’ajouter à l’en-tête et à chaque ligne.",
            "Al tarifario le falta una columna obligatoria; añádala por favor al encabezado y a cada línea."),
        new(Refusal.DeckColumnTwice, "deck_column_twice", 422, 400,
            "The rate deck names the same column twice; please keep one of the two.",
            "La grille tarifaire nomme deux fois la même colonne; veuillez n’en garder qu’une.",
            "El tarifario nombra dos veces la misma columna; conserve por favor solo una."),
        new(Refusal.DeckBadPrefix, "deck_bad_prefix", 422, 400,
            "A prefix of the rate deck is not made of digits alone; "
            + "please correct that line and import the file again.",
            "Un préfixe de la grille n’est pas formé que de chiffres; "
            + "veuillez corriger la ligne et importer de nouveau le fichier.",
            "Un prefijo del tarifario no consta solo de cifras; "
            + "corrija por favor esa línea e importe de nuevo el archivo."),
        new(Refusal.DeckBadRate, "deck_bad_rate", 422, 400,
            "A price of the rate deck cannot be read or is out of range; "
            + "please correct that line and import the file again.",
            "Un prix de la grille est illisible ou hors limites; "
            + "veuillez corriger la ligne et importer de nouveau le fichier.",
            "Un precio del tarifario no se puede leer o está fuera de rango; "
            + "corrija por favor esa línea e importe de nuevo."),
        new(Refusal.DeckZeroRate, "deck_zero_rate", 422, 400,
            "The rate deck holds a rate of zero; please correct it, or say at the import that free rates are meant.",
            "La grille contient un tarif nul; "
            + "veuillez le corriger ou préciser à l’importation que la gratuité est voulue.",
            "El tarifario contiene una tarifa cero; "
            + "corríjala por favor o indique al importar que la gratuidad es intencional."),
        new(Refusal.DeckBadIncrement, "deck_bad_increment", 422, 400,
            "A billing increment is not a whole number of seconds in range; please correct that line and import again.",
            "Un pas de facturation n’est pas un nombre entier de secondes permis; "
            + "veuillez corriger la ligne et importer de nouveau.",
            "Un incremento de cobro no es un número entero de segundos admitido; "
            + "corrija por favor esa línea e importe de nuevo."),
        new(Refusal.DeckBadDate, "deck_bad_date", 422, 400,
            "A date of the rate deck cannot be read or ends before it starts; "
            + "please correct that line and import again.",
            "Une date de la grille est illisible ou finit avant de commencer; "
            + "veuillez corriger la ligne et importer de nouveau.",
            "Una fecha del tarifario no se puede leer o termina antes de empezar; "
            + "corrija por favor esa línea e importe de nuevo."),
        new(Refusal.DeckOverlap, "deck_overlap", 422, 400,
            "Two rates of one prefix are valid at the same time; please end one before the other begins.",
            "Deux tarifs du même préfixe valent en même temps; veuillez terminer l’un avant le début de l’autre.",
            "Dos tarifas del mismo prefijo valen al mismo tiempo; termine por favor una antes de que empiece la otra."),
        new(Refusal.DeckTooSoon, "deck_too_soon", 422, 400,
            "The rate deck would take effect before every server knows it; "
            + "please choose a moment at least 60 seconds ahead.",
            "La grille prendrait effet avant que chaque serveur la connaisse; "
            + "veuillez choisir un moment dans au moins 60 secondes.",
            "El tarifario regiría antes de que todo servidor lo conozca; "
            + "elija por favor un momento dentro de 60 segundos o más."),
        new(Refusal.PolicyInvalid, "policy_invalid", 422, 400,
            "The policy contradicts itself or holds a value out of range; please correct the part that is named.",
            "La politique se contredit ou contient une valeur hors limites; veuillez corriger la partie indiquée.",
            "La política se contradice o contiene un valor fuera de rango; corrija por favor la parte indicada."),
        new(Refusal.PolicyTooSoon, "policy_too_soon", 422, 400,
            "The policy would take effect before every server knows it; "
            + "please choose a moment at least 60 seconds ahead.",
            "La politique prendrait effet avant que chaque serveur la connaisse; "
            + "veuillez choisir un moment dans au moins 60 secondes.",
            "La política regiría antes de que todo servidor la conozca; "
            + "elija por favor un momento dentro de 60 segundos o más."),
        new(Refusal.BadColour, "bad_colour", 422, 400,
            "A colour cannot be read; please write it as # and six hexadecimal digits, such as #1f5f99.",
            "Une couleur est illisible; veuillez l’écrire avec # et six chiffres hexadécimaux, par exemple #1f5f99.",
            "Un color no se puede leer; escríbalo por favor con # y seis cifras hexadecimales, por ejemplo #1f5f99."),
        new(Refusal.BadLogo, "bad_logo", 422, 400,
            "The logo is not an SVG or PNG image of at most 100 kB; please send one that is.",
            "Le logo n’est pas une image SVG ou PNG d’au plus 100 ko; veuillez en envoyer une qui le soit.",
            "El logotipo no es una imagen SVG o PNG de 100 kB como máximo; envíe por favor una que lo sea."),
        new(Refusal.AlreadyExists, "already_exists", 409, 400,
            "Something of this name is already there; please choose another name or change the one that exists.",
            "Un élément de ce nom existe déjà; veuillez choisir un autre nom ou modifier celui qui existe.",
            "Ya existe algo con ese nombre; elija por favor otro nombre o modifique el existente."),
        new(Refusal.UnknownEntry, "unknown_entry", 404, 404,
            "There is no such entry in the books; please check its number and its account.",
            "Cette écriture n’existe pas dans les livres; veuillez vérifier son numéro et son compte.",
            "Ese asiento no existe en los libros; compruebe por favor su número y su cuenta."),
        new(Refusal.AlreadyReversed, "already_reversed", 409, 400,
            "The entry has already been reversed; "
            + "please look at the reversing entry before correcting anything further.",
            "L’écriture a déjà été contrepassée; "
            + "veuillez consulter l’écriture de contrepassation avant toute autre correction.",
            "El asiento ya fue anulado; consulte por favor el asiento de anulación antes de corregir algo más."),
        new(Refusal.NothingToReverse, "nothing_to_reverse", 422, 400,
            "The entry moved no money that could be returned; please check which entry is meant.",
            "L’écriture n’a déplacé aucune somme à restituer; veuillez vérifier de quelle écriture il s’agit.",
            "El asiento no movió dinero que se pueda devolver; compruebe por favor de qué asiento se trata."),
        new(Refusal.SchemaNewer, "schema_newer", 503, 503,
            "The database belongs to a newer release of Tollkeeper; "
            + "please start that release or restore an older backup.",
            "La base de données vient d’une version plus récente de Tollkeeper; "
            + "veuillez lancer celle-ci ou restaurer une copie.",
            "La base de datos pertenece a una versión más nueva de Tollkeeper; "
            + "inicie por favor esa versión o restaure una copia."),
        new(Refusal.SchemaOlder, "schema_older", 503, 503,
            "The database has not been brought up to this release; please run tollkeeper migrate and start again.",
            "La base de données n’est pas à jour pour cette version; "
            + "veuillez lancer tollkeeper migrate, puis redémarrer.",
            "La base de datos no está actualizada para esta versión; "
            + "ejecute por favor tollkeeper migrate e inicie de nuevo."),
        new(Refusal.SchemaDiffers, "schema_differs", 503, 503,
            "The database was made by a program that is not a release of Tollkeeper; "
            + "please start that program or name an empty database.",
            "La base de données a été créée par un programme qui n’est pas une version publiée de Tollkeeper; "
            + "veuillez lancer ce programme ou indiquer une base vide.",
            "La base de datos fue creada por un programa que no es una versión publicada de Tollkeeper; "
            + "inicie por favor ese programa o indique una base vacía."),
        new(Refusal.KeyFileDiffers, "key_file_differs", 503, 503,
            "The key file does not open what the database keeps sealed; "
            + "please name the key file that was used with this database before.",
            "Le fichier de clé n’ouvre pas ce que la base de données garde scellé; "
            + "veuillez indiquer le fichier de clé utilisé jusqu’ici avec cette base.",
            "El archivo de clave no abre lo que la base de datos guarda sellado; "
            + "indique por favor el archivo de clave usado hasta ahora con esta base."),
        new(Refusal.SettingInvalid, "setting_invalid", 422, 400,
            "A setting of the environment cannot be read; please correct the one that is named.",
            "Un paramètre d’environnement est illisible; veuillez corriger celui qui est indiqué.",
            "Un ajuste del entorno no se puede leer; corrija por favor el que se indica."),
        new(Refusal.DatabaseNotEmpty, "database_not_empty", 409, 400,
            "The database already holds data, which is never overwritten; please name an empty one.",
            "La base de données contient déjà des données, qui ne sont jamais écrasées; veuillez en indiquer une vide.",
            "La base de datos ya contiene datos, que nunca se sobrescriben; indique por favor una vacía."),
        new(Refusal.BooksDamaged, "books_damaged", 500, 500,
            "The books contradict themselves at the place that is named; "
            + "please keep a copy and call the operator at once.",
            "Les livres se contredisent à l’endroit indiqué; "
            + "veuillez conserver une copie et alerter l’exploitant sans délai.",
            "Los libros se contradicen en el lugar indicado; "
            + "conserve por favor una copia y avise de inmediato al operador."),
    ];
}
