using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Host.Shell;
using Tollkeeper.Taxes;

namespace Tollkeeper.Host.Portal;

/// <summary>Certificates of exemption (R45): customers send them, and whoever may see them saves them again.</summary>
sealed class CertificateFiles(Installation installation)
{
    /// <summary>Who sends a file that is some times too large is still told so, on a page.</summary>
    const long MostBytes = 4 * CertificateFile.MostBytes;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(TaxPage.Path + "/certificate", Take).RequireAuthorization(Permission.Billing)
            .WithMetadata(new NotAPageAttribute { Lasts = true }, new RequestSizeLimitAttribute(MostBytes))
            .ExcludeFromDescription();
        foreach (var (path, permission) in new[]
        {
            (TaxPage.Path + "/{id}/certificate", Permission.Customer),
            ("/office/exemptions/{id}/certificate", Permission.Staff),
        })
            routes.MapGet(path, Give).RequireAuthorization(permission)
                .WithMetadata(new NotAPageAttribute { Lasts = true }).ExcludeFromDescription();
    }

    async Task Take(HttpContext http)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var person = Visit.Of(http).Person!;
        var once = http.RequestServices.GetRequiredService<SendOnce>();
        var taken = await once.Run(person.UserNo, form["FormKey"], async () =>
        {
            var file = await Read(form.Files["File"]);
            if (file.Refused is { } unreadable) return unreadable;
            var claim = new ResaleClaim(
                null, file.Value, form["Declared"] == "yes", TaxPage.DeclarationText(Visit.Of(http).Texts));
            var declared = await new DeclareResale(
                installation.Database, installation.Rules.Providers, installation.Clock).Run(
                    person.ProviderNo, person.AccountNo!.Value, claim,
                    new Actor(person.UserNo, person.Email, ClientAddress.Of(http)));
            return declared.Refused is { } refused ? refused : Encoding.ASCII.GetBytes(declared.Value.Id);
        });
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = taken.Refused is { } no
            ? $"{TaxPage.Path}?refused={Refusals.Of(no.Refusal).Name}"
            : $"{TaxPage.Path}?done=sent";
    }

    static async Task<Result<CertificateFile>> Read(IFormFile? file)
    {
        if (file is null || file.Length == 0) return Refusal.CertificateMissing;
        if (file.Length > CertificateFile.MostBytes) return Refusal.BadCertificate;
        var bytes = new byte[file.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(bytes);
        return CertificateFile.Read(file.FileName, bytes);
    }

    async Task Give(HttpContext http, string id)
    {
        if (await Find(http, id) is not { } file)
        {
            await ErrorPages.Page(http, Refusal.UnknownExemption);
            return;
        }
        // Whatever it says it is, a browser saves it and opens nothing.
        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{file.NameToSave(id)}\"";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.ContentLength = file.Content.Length;
        await http.Response.Body.WriteAsync(file.Content, http.RequestAborted);
    }

    /// <summary>Null where there is none of that id for whoever asks; another's goes on record.</summary>
    async Task<CertificateFile?> Find(HttpContext http, string id)
    {
        if (!PublicId.TryParse(id, PublicId.TaxExemption, out _)) return null;
        var person = Visit.Of(http).Person!;
        await using var connection = await installation.Database.ConnectForPage(http.RequestAborted);
        var found = await ExemptionStore.Find(connection, null, person.ProviderNo, id);
        if (found.Accepted && (person.AccountNo is null || person.AccountNo == found.Value.AccountNo))
            return await ExemptionStore.File(connection, found.Value.No);
        ForeignId.Record(http, id);
        return null;
    }
}
