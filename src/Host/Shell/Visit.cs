using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// One request for a page: at whose host, by whom, in which language. Filled in before any page is chosen
/// (<see cref="VisitStart"/>).
/// </summary>
public sealed class Visit
{
    /// <summary>Whose host was asked; null where it is nobody's.</summary>
    public Provider? Provider { get; set; }

    /// <summary>Who is signed in, at this very host; null for nobody.</summary>
    public Person? Person { get; set; }

    public Language Language { get; set; }

    public Theme Theme { get; set; }

    /// <summary>When the request came, by the installation's clock.</summary>
    public Instant At { get; set; }

    public DateTimeZone Zone { get; set; } = DateTimeZone.Utc;

    /// <summary>The page's own address, local, with its query.</summary>
    public string Address { get; set; } = "/";

    /// <summary>The name that readers know the provider by.</summary>
    public string BrandName { get; set; } = "Tollkeeper";

    public Texts Texts => Texts.Of(Language);

    public Locale Locale => field ??= new Locale(Language, Zone);
}
