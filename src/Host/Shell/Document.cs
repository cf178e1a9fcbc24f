namespace Tollkeeper.Host.Shell;

/// <summary>What documents have in common.</summary>
static class Document
{
    /// <summary>The value of <c>data-bs-theme</c>; <c>auto</c> where the reader's machine decides.</summary>
    public static string ThemeOf(Visit visit) => visit.Theme switch
    {
        Theme.System => "auto",
        Theme.Light => "light",
        Theme.Dark => "dark",
    };
}
