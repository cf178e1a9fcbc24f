using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Portal;

/// <summary>What a page about a mail loads: the mail's HTML, shut in, and the file that went with it.</summary>
sealed class MailFiles(Installation installation)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, permission) in new[]
        {
            (NotificationsPage.Path, Permission.Customer), (Office.MailsPage.Path, Permission.Staff),
        })
        {
            routes.MapGet(path + "/{id}/html", Html).RequireAuthorization(permission)
                .WithMetadata(new NotAPageAttribute()).ExcludeFromDescription();
            routes.MapGet(path + "/{id}/file", File).RequireAuthorization(permission)
                .WithMetadata(new NotAPageAttribute { Lasts = true }).ExcludeFromDescription();
        }
    }

    async Task Html(HttpContext http, string id)
    {
        if (await AskedMail.Find(installation, http, id) is not { Html: { } html })
        {
            await ErrorPages.Page(http, Refusal.PageNotFound);
            return;
        }
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Mail;
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(html), http.RequestAborted);
    }

    async Task File(HttpContext http, string id)
    {
        if (await AskedMail.Find(installation, http, id) is not { FileNo: { } fileNo })
        {
            await ErrorPages.Page(http, Refusal.PageNotFound);
            return;
        }
        await using var connection = await installation.Database.ConnectForPage(http.RequestAborted);
        var (name, _, content) = await MailStore.File(connection, fileNo);
        // Whatever it says it is, a browser saves it and opens nothing.
        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.ContentDisposition = $"attachment; filename*=utf-8''{Uri.EscapeDataString(name)}";
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }
}
