using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Tollkeeper.Host.Shell;

/// <summary>
/// The styles, scripts, fonts and icons of the pages, as Web/build.mjs made them and the build embedded them. A file's
/// URL holds the hash of its content, so that a browser asks for it once.
/// </summary>
public static class WebFiles
{
    const string Folder = "/assets/";
    const string Resource = "web/";

    /// <summary>By the name with the hash, <c>app.0123456789.css</c>.</summary>
    static readonly FrozenDictionary<string, WebFile> ByFile = Read();

    /// <summary>By the name without, <c>app.css</c>.</summary>
    static readonly FrozenDictionary<string, WebFile> ByName = ByFile.Values.ToFrozenDictionary(file => file.Name);

    static readonly FrozenSet<string> Icons = ReadIcons();

    /// <summary>Where a page finds <c>app.css</c>, <c>live.js</c>, <c>favicon.svg</c>.</summary>
    public static string Url(string name)
    {
        Demand.That(ByName.TryGetValue(name, out var file), $"There is no file {name}.");
        return Folder + file!.FileName;
    }

    /// <summary>What a page's <c>use</c> refers to, for an icon that Web/icons.txt lists.</summary>
    public static string Icon(string name)
    {
        Demand.That(Icons.Contains(name), $"Web/icons.txt does not list the icon {name}.");
        return $"{Url("icons.svg")}#{name}";
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(Folder + "{name}", [HttpMethods.Get, HttpMethods.Head], Serve)
            .WithMetadata(new NotAPageAttribute())
            .AllowAnonymous().ExcludeFromDescription();

    static async Task Serve(HttpContext http, string name)
    {
        var response = http.Response;
        if (ByFile.TryGetValue(name, out var file))
        {
            response.Headers.CacheControl = "public, max-age=31536000, immutable";
        }
        else if (ByName.TryGetValue(WebFile.NameOf(name), out file))
        {
            // The page came from a node of another release, whose file is not here: the nearest thing, this once.
            response.Headers.CacheControl = "no-store";
        }
        else
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var (encoding, content) = file.For(http.Request.GetTypedHeaders().AcceptEncoding);
        response.Headers.ETag = file.Tag(encoding);
        if (file.IsCompressed) response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (http.Request.Headers.IfNoneMatch.Contains(file.Tag(encoding)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = content.Length;
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        if (HttpMethods.IsGet(http.Request.Method)) await response.Body.WriteAsync(content, http.RequestAborted);
    }

    static FrozenDictionary<string, WebFile> Read()
    {
        var files = typeof(WebFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Resource, StringComparison.Ordinal))
            .ToDictionary(name => name[Resource.Length..], Bytes);
        return files.Where(file => Path.GetExtension(file.Key) is not (".br" or ".gz"))
            .Select(file => new WebFile(file.Key, file.Value,
                files.GetValueOrDefault(file.Key + ".br"), files.GetValueOrDefault(file.Key + ".gz")))
            .ToFrozenDictionary(file => file.FileName);
    }

    static byte[] Bytes(string resource)
    {
        using var stream = typeof(WebFiles).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    static FrozenSet<string> ReadIcons() =>
        Encoding.UTF8.GetString(ByName["icons.svg"].Plain).Split("<symbol id=\"").Skip(1)
            .Select(symbol => symbol[..symbol.IndexOf('"')]).ToFrozenSet();
}

/// <summary>One file as it is sent: plain, and where that is smaller compressed too.</summary>
sealed record WebFile(string FileName, byte[] Plain, byte[]? Brotli, byte[]? Gzip)
{
    public string Name { get; } = NameOf(FileName);

    public bool IsCompressed => Brotli is not null || Gzip is not null;

    public string ContentType => Path.GetExtension(FileName) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        var other => throw new InvalidOperationException($"No content type is known for {other}."),
    };

    /// <summary>The file's name without the hash of its content.</summary>
    public static string NameOf(string file) =>
        file.Split('.') is [.. var stem, _, var extension] ? $"{string.Join('.', stem)}.{extension}" : file;

    /// <summary>Strong, hence one of its own for each encoding.</summary>
    public string Tag(string? encoding) => $"\"{FileName}{(encoding is null ? "" : "-" + encoding)}\"";

    /// <summary>The smallest form that the browser says it reads.</summary>
    public (string? Encoding, byte[] Content) For(IList<StringWithQualityHeaderValue> accepted)
    {
        if (Brotli is not null && Reads(accepted, "br")) return ("br", Brotli);
        return Gzip is not null && Reads(accepted, "gzip") ? ("gzip", Gzip) : (null, Plain);
    }

    static bool Reads(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        accepted.Any(one => one.Quality is not 0 && one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase));
}
