using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;

namespace Tollkeeper.Host.Shell;

/// <summary>A page with forms: what was sent is done and leads to another page, or is refused here.</summary>
public abstract class FormPage : LocalizedComponent
{
    [CascadingParameter]
    public required HttpContext Http { get; set; }

    /// <summary>Where somebody wanted to go before signing in; followed only within this host.</summary>
    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    /// <summary>Why what was sent was not done; shown above the form.</summary>
    protected Refusal? Refused { get; private set; }

    /// <summary>The browser is sent on: nothing more is to be shown.</summary>
    protected bool Left { get; private set; }

    protected string Next => LocalAddress.IsLocal(ReturnUrl) ? ReturnUrl! : "/";

    /// <summary>The sentence to stand at a field, where it is this field that the form was refused for.</summary>
    protected string? ErrorOf(params ReadOnlySpan<Refusal> field) =>
        Refused is { } refusal && field.Contains(refusal) ? Visit.SentenceOf(refusal) : null;

    /// <summary>The same for a new password.</summary>
    protected string? ErrorOfNewPassword =>
        ErrorOf(Refusal.PasswordTooShort, Refusal.PasswordGuessable, Refusal.BadText);

    /// <summary>What was wrong, each with its field; shown above the form and at the fields.</summary>
    protected IReadOnlyList<Refused> Problems { get; private set; } = [];

    /// <summary>The sentence to stand at a field.</summary>
    protected string? ErrorAt(string field) =>
        Problems.FirstOrDefault(problem => problem.Detail == field) is { } problem
            ? Visit.SentenceOf(problem.Refusal)
            : null;

    /// <summary>What was typed into a field of the form that was sent; empty where none was.</summary>
    protected string Typed(string field) => Http.Request.HasFormContentType ? $"{Http.Request.Form[field]}" : "";

    /// <summary>Who fills the form in.</summary>
    protected Actor Me => new(Visit.Person!.UserNo, Visit.Person.Email, ClientAddress.Of(Http));

    /// <summary>
    /// Does once what a form asks for, however often its button is pressed; the form carries a <c>FormKey</c>.
    /// </summary>
    protected async Task<Refused?> Once(Installation installation, Func<Task<Refused?>> work)
    {
        var once = new SendOnce(installation.Database, installation.Clock);
        var done = await once.Run(
            Visit.Person!.UserNo, Typed("FormKey"),
            async () => await work() is { } refused ? refused : new byte[] { 1 }, Http.RequestAborted);
        return done.Refused;
    }

    /// <summary>The same of what makes a thing: its id, however often the button is pressed.</summary>
    protected async Task<Result<string>> OnceMade(Installation installation, Func<Task<Result<string>>> work)
    {
        var once = new SendOnce(installation.Database, installation.Clock);
        var done = await once.Run(
            Visit.Person!.UserNo, Typed("FormKey"),
            async () =>
            {
                var made = await work();
                return made.Refused is { } refused ? refused : Encoding.UTF8.GetBytes(made.Value);
            },
            Http.RequestAborted);
        return done.Refused is { } not ? not : Encoding.UTF8.GetString(done.Value);
    }

    protected void Refuse(IReadOnlyList<Refused> problems)
    {
        Problems = problems;
        Refuse(problems[0].Refusal);
    }

    protected void Refuse(Refusal refusal)
    {
        Refused = refusal;
        ErrorPages.SetStatus(Http, Refusals.Of(refusal).Status);
    }

    protected void Leave(string localAddress)
    {
        Left = true;
        Http.Response.StatusCode = StatusCodes.Status303SeeOther;
        Http.Response.Headers.Location = localAddress;
    }

    /// <summary>An address of ours that goes on to where somebody wanted to go.</summary>
    protected string Onward(string path) =>
        LocalAddress.IsLocal(ReturnUrl) ? $"{path}?returnUrl={Uri.EscapeDataString(ReturnUrl!)}" : path;

    /// <summary>What stands in this page's address is nobody else's business.</summary>
    protected void KeepAddressSecret() => Http.Response.Headers["Referrer-Policy"] = "no-referrer";
}
