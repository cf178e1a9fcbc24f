using Microsoft.AspNetCore.Http;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// One request for a page: at whose host, by whom, in which language. Filled in before any page is made
/// (<see cref="VisitStart"/>).
/// </summary>
public sealed class Visit
{
    /// <summary>
    /// One a request, also for the page that says that the request failed, which has services of its own.
    /// </summary>
    public static Visit Of(HttpContext http)
    {
        if (http.Items.TryGetValue(typeof(Visit), out var known)) return (Visit)known!;
        var visit = new Visit();
        http.Items[typeof(Visit)] = visit;
        return visit;
    }

    /// <summary>Whose host was asked; null where it is nobody's.</summary>
    public Provider? Provider { get; set; }

    /// <summary>The rules in force at that provider; null where the host is nobody's.</summary>
    public Policy? Policy { get; set; }

    /// <summary>Who is signed in, at this very host; null for nobody.</summary>
    public Person? Person { get; set; }

    public Language Language { get; private set; }

    public Theme Theme { get; private set; }

    /// <summary>What this browser chose goes before what its user chose elsewhere.</summary>
    bool languageChosen;

    bool themeChosen;

    Locale? locale;

    /// <summary>When the request came, by the installation's clock.</summary>
    public Instant At { get; set; }

    /// <summary>Something is broken: what is shown is made without asking the database.</summary>
    public bool IsBroken { get; set; }

    public DateTimeZone Zone { get; set; } = DateTimeZone.Utc;

    /// <summary>The page's own address, local, with its query.</summary>
    public string Address { get; set; } = "/";

    /// <summary>Whether there is a page at that address to look at, and not only a form to send.</summary>
    public bool IsThereToSee { get; set; } = true;

    /// <summary>The name that readers know the provider by.</summary>
    public string BrandName { get; set; } = "Tollkeeper";

    /// <summary>What the browser chose here, null where it did not, and what it asks for by itself.</summary>
    public void Choose(Language? chosen, Language? accepted, Theme? theme)
    {
        (languageChosen, themeChosen) = (chosen is not null, theme is not null);
        Language = chosen ?? accepted ?? Language.English;
        Theme = theme ?? Theme.System;
    }

    /// <summary>What the user who is signed in chose, at whatever browser.</summary>
    public void Prefer(Language? language, Theme? theme)
    {
        if (!languageChosen && language is { } spoken) Language = spoken;
        if (!themeChosen && theme is { } wanted) Theme = wanted;
        locale = null;
    }

    /// <summary>A "no" in the reader's language.</summary>
    public string SentenceOf(Refusal refusal) => Refusals.Of(refusal).In(Language.Tag());

    public Texts Texts => Texts.Of(Language);

    public Locale Locale => locale ??= new Locale(Language, Zone);
}
