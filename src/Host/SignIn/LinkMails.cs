using System.Net;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host.Shell;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// Mails with a link that is good once. The link leads to the provider's own host, whatever host was asked.
/// </summary>
public sealed class LinkMails(Database database, Settings settings, IClock clock)
{
    readonly MailFolder folder = new(settings.DataFolder);

    /// <summary>Issues a link and writes the mail; in the user's language, or the one given.</summary>
    public async Task Send(
        User user, Provider provider, BrandKept brand, LinkPurpose purpose, Language language,
        CancellationToken ct = default)
    {
        var token = await new MailLinks(database, clock).Issue(user, purpose, ct);
        var link = PublicAddress.Of(settings, provider.Host) + PathOf(purpose) + "?token=" + token;
        var texts = Texts.Of(user.Language ?? language);
        var (subject, lead, act) = purpose switch
        {
            LinkPurpose.ConfirmEmail => ("mail.confirm-subject", "mail.confirm-lead", "mail.confirm-act"),
            LinkPurpose.ResetPassword => ("mail.reset-subject", "mail.reset-lead", "mail.reset-act"),
            LinkPurpose.Invitation => ("mail.invite-subject", "mail.invite-lead", "mail.invite-act"),
        };
        var name = brand.Brand.Name;
        var ignore = texts["mail.ignore"];
        var words = texts.Format(lead, name);
        folder.Write(new Mail(
            name, $"no-reply@{provider.Host}", user.Email.Text, texts.Format(subject, name),
            $"{words}\n\n{link}\n\n{ignore}\n\n{name}\n",
            $"""
            <!DOCTYPE html><html lang="{(user.Language ?? language).Tag()}"><body>
            <p>{Html(words)}</p>
            <p><a href="{Html(link)}">{Html(texts[act])}</a></p>
            <p>{Html(ignore)}</p>
            <p>{Html(name)}</p>
            </body></html>
            """));
    }

    static string PathOf(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmEmail => "/confirm-email",
        LinkPurpose.ResetPassword or LinkPurpose.Invitation => "/reset-password",
    };

    static string Html(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>How people reach a provider's pages: what links in mails begin with.</summary>
static class PublicAddress
{
    /// <summary>Without a slash at the end.</summary>
    public static string Of(Settings settings, string host)
    {
        if (settings.PublicUrl is { } pattern)
            return pattern.Replace("{host}", host, StringComparison.Ordinal).TrimEnd('/');
        var first = settings.Urls.Split(';', ',')[0];
        var scheme = first.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "https" : "http";
        var last = first.TrimEnd('/').Split(':', ']')[^1];
        var port = int.TryParse(last, out var number) ? number : 0;
        return port is 0 or 80 or 443 ? $"{scheme}://{host}" : $"{scheme}://{host}:{port}";
    }
}
