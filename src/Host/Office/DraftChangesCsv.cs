using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Host.Shell;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Office;

/// <summary>What a draft changes, as a file: one kind of change, or all of them.</summary>
sealed class DraftChangesCsv(Installation installation)
{
    const string Head = "kind,prefix,destination,before,after,before_terms,after_terms,raises\r\n";
    const int AtOnce = 2_000;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/office/rates/{id}/drafts/{draft}/changes.csv", Answer)
            .RequireAuthorization(Permission.System)
            .WithMetadata(new NotAPageAttribute { Lasts = true }).ExcludeFromDescription();

    async Task Answer(HttpContext http, string id, string draft)
    {
        if (await TheirDeck.FindDraft(installation, http, id, draft) is not var (_, found))
        {
            await ErrorPages.Page(http, Refusal.UnknownDraft);
            return;
        }
        var kinds = Enum.GetValues<RateChangeKind>()
            .Where(kind => http.Request.Query["kind"] is not [{ Length: > 0 } asked] || Word(kind) == asked);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"changes-{found.Id.Text}.csv\"";
        await using var connection = await installation.Database.Connect(http.RequestAborted);
        await using var file = new StreamWriter(http.Response.Body, new UTF8Encoding(true));
        await file.WriteAsync(Head);
        foreach (var kind in kinds)
        {
            var after = -1;
            while (await DraftLinesStore.Changes(
                connection, found.No, kind, after, AtOnce, http.RequestAborted) is { Count: > 0 } some)
            {
                foreach (var change in some) await file.WriteAsync(Line(change));
                after = some[^1].N;
            }
        }
    }

    public static string Word(RateChangeKind kind) => kind switch
    {
        RateChangeKind.New => "new",
        RateChangeKind.Dearer => "dearer",
        RateChangeKind.Cheaper => "cheaper",
        RateChangeKind.Removed => "removed",
    };

    static string Line(DraftChange change) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Word(change.Kind)},{change.Prefix},{Cell(change.Destination)},{Price(change.BeforeE8)},"
        + $"{Price(change.AfterE8)},{change.BeforeTerms},{change.AfterTerms},{(change.Raises ? "yes" : "no")}\r\n");

    static string Price(long? e8) => e8 is { } price ? new PerMinute(price).Text : "";

    /// <summary>As <see cref="CsvFile"/> does: no formula for spreadsheets, quoted where it must be.</summary>
    static string Cell(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return safe.AsSpan().ContainsAny("\",\r\n;")
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }
}
