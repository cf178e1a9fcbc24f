using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Host.Office;
using Tollkeeper.Host.Shell;
using Tollkeeper.Ledger;

namespace Tollkeeper.Host.Portal;

/// <summary>
/// The calls of a list as a file: exactly those that its filter finds, on all pages. Names of columns are the same in
/// every language, because programs read them too.
/// </summary>
sealed class CallsCsv(Installation installation)
{
    const string Head =
        "charged_at,local_time,direction,from,to,prefix,destination,disposition,seconds,billed_seconds,per_minute,"
        + "charge,tax,total,taken_back,currency,call\r\n";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/calls.csv", Own).RequireAuthorization(Permission.Customer)
            .WithMetadata(new NotAPageAttribute { Lasts = true }).ExcludeFromDescription();
        routes.MapGet("/office/customers/{id}/calls.csv", Theirs).RequireAuthorization(Permission.Staff)
            .WithMetadata(new NotAPageAttribute { Lasts = true }).ExcludeFromDescription();
    }

    async Task Own(HttpContext http) =>
        await Answer(http, await http.RequestServices.GetRequiredService<OwnAccount>().Summary());

    async Task Theirs(HttpContext http, string id) =>
        await Answer(http, await TheirCustomer.Find(installation, http, id));

    async Task Answer(HttpContext http, AccountSummary? account)
    {
        if (account is null)
        {
            await ErrorPages.Page(http, Refusal.UnknownAccount);
            return;
        }
        var rules = installation.Rules.Providers.PolicyOf(account.Facts.ProviderNo, account.At).Value.Policy.Dialling;
        var filter = CallQuery.Read(http.Request.Query).Filter(account.Today, rules);
        if (filter.Refused is { } refused)
        {
            await ErrorPages.Page(http, refused);
            return;
        }
        var calls = installation.Calls.File(account.Facts.No, filter.Value, account.Zone);
        if (calls.Refused is { } busy)
        {
            await ErrorPages.Page(http, busy);
            return;
        }
        using (calls.Value) await Write(http, account, filter.Value, calls.Value);
    }

    Task Write(HttpContext http, AccountSummary account, CallFilter filter, CallFile calls)
    {
        var (from, to) = (LocalDatePattern.Iso.Format(filter.From), LocalDatePattern.Iso.Format(filter.To));
        return CsvFile.Write(
            http, installation, $"calls-{account.Id.Text}-{from}-{to}.csv", Head, async (file, ct) =>
            {
                await foreach (var page in calls.Pages(ct))
                {
                    foreach (var call in page) await file.WriteAsync(Line(call, account).AsMemory(), ct);
                }
            });
    }

    static string Line(ListedCall call, AccountSummary account) => string.Create(
        CultureInfo.InvariantCulture,
        $"{InstantPattern.General.Format(call.RecordedAt)},"
        + $"{CsvFile.Local.Format(call.StartedAt.InZone(account.Zone).LocalDateTime)},"
        + $"{(call.Direction == Directions.Inbound ? "inbound" : "outbound")},"
        + $"{CsvFile.Cell(call.From)},{CsvFile.Cell(call.To)},"
        + $"{call.Prefix},{CsvFile.Cell(call.Destination)},{CallQuery.WordOf(call.Disposition)},{call.Seconds},"
        + $"{call.BilledSeconds},{FixedPoint.Write(call.RateE8, 8)},{FixedPoint.Write(call.ChargeMicros, 6)},"
        + $"{FixedPoint.Write(call.TaxMicros, 6)},{FixedPoint.Write(call.TotalMicros, 6)},"
        + $"{FixedPoint.Write(call.TakenBack ? call.TotalMicros : 0, 6)},{account.Currency},"
        + $"{call.Key.Id}\r\n");
}
