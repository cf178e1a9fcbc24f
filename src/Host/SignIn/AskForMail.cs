using Microsoft.Extensions.Logging;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// Sends a link to an address that somebody typed, if a user has it. Whether one does is told to nobody: the page
/// answers before this begins.
/// </summary>
sealed class AskForMail(Installation installation, DoorLimits limits, ILogger<AskForMail> log)
{
    /// <summary>Goes on by itself after the answer.</summary>
    public void Begin(Visit visit, string? typed, LinkPurpose purpose, string address)
    {
        if (visit.Provider is not { } provider || !EmailAddress.TryParse(typed, out var email)) return;
        var language = visit.Language;
        _ = Task.Run(async () =>
        {
            try
            {
                await Send(provider, email, purpose, language, address);
            }
            catch (Exception exception)
            {
                // Nobody waits for it; who got no mail asks again.
                HostLog.MailNotWritten(log, exception);
            }
        });
    }

    async Task Send(
        Tollkeeper.Providers.Provider provider, EmailAddress email, LinkPurpose purpose, Language language,
        string address)
    {
        await using var connection = await installation.Database.Connect();
        var found = await UserStore.Find(connection, null, provider.No, email.Key);
        if (found.Refused is not null || found.Value.Locked) return;
        var user = found.Value;
        if (purpose == LinkPurpose.ConfirmEmail && user.EmailConfirmed) return;
        if (!limits.TryEnter(Entrance.Mailbox, $"{provider.No}/{email.Key}")) return;
        installation.Records.Add(new AuditRecord(
            Act.ResetAsked, provider.No, user.No, user.AccountNo, email.Text, $"{purpose}", address));
        // Who never chose a password chooses one now, whichever mail was asked for.
        var wanted = user.PasswordHash is null ? LinkPurpose.Invitation : purpose;
        await new LinkMails(installation.Database, installation.Settings, installation.Clock).Send(
            user, provider, installation.Rules.Providers.BrandOf(provider), wanted, language);
    }
}
