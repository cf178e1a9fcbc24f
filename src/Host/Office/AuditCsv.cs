using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Portal;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Office;

/// <summary>
/// The records of a list as a file: exactly those that its filter finds, on all pages, the newest first. Names of
/// columns and acts are the same in every language, because programs read them too.
/// </summary>
sealed class AuditCsv(Installation installation)
{
    public const string Path = "/office/audit.csv";

    const string Head = "at,local_time,person,act,record,customer,details,before,after,address\r\n";
    const int AtOnce = 1_000;

    /// <summary>
    /// However many staff ask, pages keep their connections; and no provider's slow file keeps another's staff waiting.
    /// </summary>
    const int MostFiles = 8;

    /// <summary>Who takes longer than this takes nothing.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    static readonly LocalDateTimePattern Local =
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");

    readonly Lock door = new();
    readonly HashSet<int> writing = [];

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, Answer).RequireAuthorization(Permission.Records)
            .WithMetadata(new NotAPageAttribute { Lasts = true }).ExcludeFromDescription();

    async Task Answer(HttpContext http)
    {
        var query = AuditQuery.Read(http.Request.Query);
        var filter = await query.Filter(installation, http);
        if (filter.Refused is { } refused)
        {
            await ErrorPages.Page(http, refused);
            return;
        }
        var providerNo = Visit.Of(http).Person!.ProviderNo;
        if (!TryEnter(providerNo))
        {
            await ErrorPages.Page(http, Refusal.Busy);
            return;
        }
        try
        {
            await Write(http, filter.Value);
        }
        finally
        {
            lock (door) writing.Remove(providerNo);
        }
    }

    /// <summary>One file of a provider at a time.</summary>
    bool TryEnter(int providerNo)
    {
        lock (door) return writing.Count < MostFiles && writing.Add(providerNo);
    }

    /// <summary>A file that breaks off is cut off, so that nobody takes it for a whole one.</summary>
    async Task Write(HttpContext http, RecordFilter filter)
    {
        var visit = Visit.Of(http);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"audit.csv\"";
        using var session = await installation.Rules.Sessions.Watch(
            visit.Person!.SessionId, visit.Person.AccountNo, http.RequestAborted);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, session.Ended);
        over.CancelAfter(Longest);
        await using var file = new StreamWriter(http.Response.Body, new UTF8Encoding(true));
        try
        {
            await file.WriteAsync(Head);
            RecordPlace? after = null;
            IReadOnlyList<ListedRecord> some;
            do
            {
                some = await AuditTrailStore.Page(
                    installation.Database, visit.Person.ProviderNo, filter, after, AtOnce, over.Token);
                foreach (var record in some) await file.WriteAsync(Line(record, visit.Zone).AsMemory(), over.Token);
                if (some.Count > 0) after = some[^1].Place;
            } while (some.Count == AtOnce);
        }
        catch
        {
            http.Abort();
            throw;
        }
    }

    static string Line(ListedRecord record, DateTimeZone zone)
    {
        var written = record.Written;
        string[] cells =
        [
            InstantPattern.ExtendedIso.Format(written.At), Local.Format(written.At.InZone(zone).LocalDateTime),
            record.UserEmail ?? "", written.Act, written.Subject, record.AccountId ?? "", written.Details,
            written.Before, written.After, written.Address,
        ];
        return string.Join(',', cells.Select(CallsCsv.Cell)) + "\r\n";
    }
}
