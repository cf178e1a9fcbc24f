using Microsoft.AspNetCore.Http;

namespace Tollkeeper.Host.Shell;

/// <summary>What a page's script asks for by itself: nobody wished for it, and nobody may have seen it.</summary>
static class Unseen
{
    /// <summary>Web/scripts send it.</summary>
    const string Header = "X-Unseen";

    public static bool Is(HttpRequest request) => request.Headers.ContainsKey(Header);
}
