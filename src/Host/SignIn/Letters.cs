using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.SignIn;

/// <summary>Writes to users: with a link that was made for it, or a notice of what changed.</summary>
/// <param name="nameOf">What a provider is called by its customers.</param>
sealed class Letters(
    Database database, IClock clock, MailFolder folder, PublicUrl url, Func<Provider, string> nameOf)
{
    /// <returns>The file of the mail.</returns>
    public async Task<string> SendLink(
        Provider provider, User user, LinkPurpose purpose, Language language, CancellationToken ct = default)
    {
        var token = await new MailLinks(database, clock).Issue(user, purpose, ct);
        var (kind, path) = purpose switch
        {
            LinkPurpose.ConfirmEmail => (LetterKind.ConfirmEmail, "/confirm-email"),
            LinkPurpose.ResetPassword => (LetterKind.ResetPassword, "/reset-password"),
            LinkPurpose.Invitation => (LetterKind.Invitation, "/reset-password"),
        };
        var link = url.Of(provider, $"{path}?token={token}");
        return await folder.Put(
            new Letter(kind, provider, nameOf(provider), user.Email, user.Language ?? language, link), ct);
    }

    public Task SendNotice(
        LetterKind kind, Provider provider, User user, Language language, CancellationToken ct = default) =>
        folder.Put(
            new Letter(kind, provider, nameOf(provider), user.Email, user.Language ?? language, null), ct);
}
