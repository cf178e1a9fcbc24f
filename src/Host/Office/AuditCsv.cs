using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
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

    /// <summary>However many staff ask, pages keep their connections.</summary>
    const int MostFiles = 32;

    /// <summary>One provider's slow files keep nobody else's staff waiting.</summary>
    const int MostOfProvider = 2;

    readonly Lock door = new();
    readonly List<int> writing = [];

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

    bool TryEnter(int providerNo)
    {
        lock (door)
        {
            if (writing.Count >= MostFiles || writing.Count(one => one == providerNo) >= MostOfProvider) return false;
            writing.Add(providerNo);
            return true;
        }
    }

    Task Write(HttpContext http, RecordFilter filter)
    {
        var visit = Visit.Of(http);
        return CsvFile.Write(http, installation, "audit.csv", Head, async (file, ct) =>
        {
            RecordPlace? after = null;
            IReadOnlyList<ListedRecord> some;
            do
            {
                some = await AuditTrailStore.Page(
                    installation.Database, visit.Person!.ProviderNo, filter, after, AtOnce, ct);
                foreach (var record in some) await file.WriteAsync(Line(record, visit.Zone).AsMemory(), ct);
                if (some.Count > 0) after = some[^1].Place;
            } while (some.Count == AtOnce);
        });
    }

    static string Line(ListedRecord record, DateTimeZone zone)
    {
        var written = record.Written;
        string[] cells =
        [
            InstantPattern.ExtendedIso.Format(written.At), CsvFile.Local.Format(written.At.InZone(zone).LocalDateTime),
            record.UserEmail ?? "", written.Act, written.Subject, record.AccountId ?? "", written.Details,
            written.Before, written.After, written.Address,
        ];
        return string.Join(',', cells.Select(CsvFile.Cell)) + "\r\n";
    }
}
