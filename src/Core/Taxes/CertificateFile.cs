namespace Tollkeeper.Taxes;

/// <summary>A file that a customer sends as proof (R45).</summary>
/// <param name="Name">As its owner called it, without folders; shown, and used for nothing else.</param>
/// <param name="MediaType">By its content.</param>
public sealed record CertificateFile(string Name, string MediaType, byte[] Content)
{
    public const int MostBytes = 2 * 1024 * 1024;

    const int LongestName = 120;

    /// <summary>Some programs write a little after the end.</summary>
    const int Slack = 1_024;

    /// <summary>What it is called when it is given back; the id is of the exemption.</summary>
    public string NameToSave(string id) => $"{id}.{EndingOf(MediaType)}";

    /// <summary>
    /// By name and by content, which must agree. Refusals: <see cref="Refusal.CertificateMissing"/>,
    /// <see cref="Refusal.BadCertificate"/>.
    /// </summary>
    public static Result<CertificateFile> Read(string name, byte[] content)
    {
        if (content.Length == 0) return Refusal.CertificateMissing;
        if (content.Length > MostBytes || TypeByContent(content) is not { } type) return Refusal.BadCertificate;
        var own = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (TypeByName(own) != type || !PlainText.Fits(own, LongestName)) return Refusal.BadCertificate;
        return new CertificateFile(own, type, content);
    }

    static string? TypeByName(string name) => name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant() switch
    {
        "pdf" => Pdf,
        "png" => Png,
        "jpg" or "jpeg" => Jpeg,
        _ => null,
    };

    static string? TypeByContent(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("%PDF-1."u8) || content.StartsWith("%PDF-2."u8))
            return content[^Math.Min(Slack, content.Length)..].IndexOf("%%EOF"u8) >= 0 ? Pdf : null;
        if (content.StartsWith(PngStart))
            return content[8..].IndexOf("IHDR"u8) == 4 && content.EndsWith(PngEnd) ? Png : null;
        return content.StartsWith(JpegStart) && content[^Math.Min(Slack, content.Length)..].IndexOf(JpegEnd) >= 0
            ? Jpeg
            : null;
    }

    static string EndingOf(string type) => type switch
    {
        Pdf => "pdf",
        Png => "png",
        _ => "jpg",
    };

    const string Pdf = "application/pdf";
    const string Png = "image/png";
    const string Jpeg = "image/jpeg";

    static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    static ReadOnlySpan<byte> PngEnd => [(byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xae, 0x42, 0x60, 0x82];

    static ReadOnlySpan<byte> JpegStart => [0xff, 0xd8, 0xff];

    static ReadOnlySpan<byte> JpegEnd => [0xff, 0xd9];
}
