using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Engine.Storage;

/// <summary>Local dates as the databases keep them: <c>2026-02-10</c>, which sorts as it should.</summary>
public static class StoredDate
{
    public static string Text(LocalDate date) => LocalDatePattern.Iso.Format(date);

    public static string? Text(LocalDate? date) => date is { } known ? Text(known) : null;

    public static LocalDate Read(string text) => LocalDatePattern.Iso.Parse(text).GetValueOrThrow();

    public static LocalDate? ReadOrNull(string? text) => text is null ? null : Read(text);
}
