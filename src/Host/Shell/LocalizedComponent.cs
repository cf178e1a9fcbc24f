using Microsoft.AspNetCore.Components;

namespace Tollkeeper.Host.Shell;

/// <summary>What every page and part of a page has at hand: the visit, its texts, its ways of writing.</summary>
public abstract class LocalizedComponent : ComponentBase
{
    [Inject]
    public required Visit Visit { get; init; }

    protected Texts T => Visit.Texts;

    protected Locale Locale => Visit.Locale;
}
