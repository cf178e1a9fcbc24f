namespace Tollkeeper;

/// <summary>The tables that a release ships, as they stand in its sources.</summary>
static class Shipped
{
    /// <param name="name">Of the embedded file; there must be one.</param>
    public static string Read(string name)
    {
        using var stream = typeof(Shipped).Assembly.GetManifestResourceStream(name);
        Demand.That(stream is not null, $"{name} is embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
