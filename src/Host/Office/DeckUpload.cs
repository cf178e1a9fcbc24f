using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Host.Shell;
using Tollkeeper.Host.SignIn;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Office;

/// <summary>
/// Takes a deck's file. No page: however large the file is, it is read from those alone who may send one, and keeps no
/// page waiting meanwhile.
/// </summary>
sealed class DeckUpload(Installation installation)
{
    /// <summary>The file, and the rest of the form.</summary>
    const long MostBytes = DraftFile.MaxBytes + 100_000;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/office/rates/{id}/drafts", Take).RequireAuthorization(Permission.System)
            .WithMetadata(new NotAPageAttribute { Lasts = true }, new RequestSizeLimitAttribute(MostBytes))
            .ExcludeFromDescription();

    async Task Take(HttpContext http, string id)
    {
        await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
        if (await TheirDeck.Find(installation, http, id) is not { } deck)
        {
            await ErrorPages.Page(http, Refusal.UnknownDeck);
            return;
        }
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var person = Visit.Of(http).Person!;
        var once = http.RequestServices.GetRequiredService<SendOnce>();
        var taken = await once.Run(person.UserNo, form["FormKey"], async () =>
        {
            if (form.Files["File"] is not { Length: > 0 } file) return Refusal.DeckEmpty;
            if (file.Length > DraftFile.MaxBytes) return Refusal.FileTooLarge;
            var bytes = new byte[file.Length];
            await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(bytes);
            var draft = await installation.UploadDeck.Run(
                person, deck, Path.GetFileName(file.FileName), bytes, Options(form), ClientAddress.Of(http),
                CancellationToken.None);
            return draft.Refused is { } refused ? refused : Encoding.ASCII.GetBytes(draft.Value.Text);
        });
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = taken.Refused is { } no
            ? $"/office/rates/{id}/new?refused={Refusals.Of(no.Refusal).Name}"
            : $"/office/rates/{id}/drafts/{Encoding.ASCII.GetString(taken.Value)}";
    }

    static DraftOptions Options(IFormCollection form) => new(
        null, form["Dates"] == "us", form["ZeroRates"] == "yes", Seconds(form["First"]), Seconds(form["Next"]));

    /// <summary>60 where nothing sensible stands there; the page of the draft shows it.</summary>
    public static int Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 1 and <= 3_600 ? seconds : 60;
}
