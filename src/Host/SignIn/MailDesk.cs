using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// Takes wishes for mails from pages and writes their notices beside the pages' time: how long an answer took tells
/// nobody whether there was anybody to write to.
/// </summary>
sealed class MailDesk(Installation installation, DoorLimits limits, ILogger<MailDesk> log)
    : BackgroundService
{
    const int MostWaiting = 1_000;

    readonly Channel<Func<Task>> wishes = Channel.CreateBounded<Func<Task>>(MostWaiting);

    /// <summary>
    /// A link for whoever has this address at the provider, if anybody has; the same asker gets a few an hour.
    /// </summary>
    public void AskForLink(Provider provider, EmailAddress address, LinkPurpose purpose, Language language) =>
        wishes.Writer.TryWrite(async () =>
        {
            var found = await Find(provider, address);
            if (found.Refused is not null || found.Value is { Locked: true } || !Wants(found.Value, purpose)) return;
            if (!limits.TryEnter(Entrance.Mailbox, $"{provider.No} {address.Key}")) return;
            // Who never chose a password chooses one now, whichever mail was asked for.
            var wanted = found.Value.PasswordHash is null ? LinkPurpose.Invitation : purpose;
            await Insert(found.Value, NoticeKinds.Of(wanted), language);
        });

    /// <summary>
    /// What a stranger filled in who wants to become a customer; checked already. The same address gets a few an hour.
    /// </summary>
    public void SignUp(Provider provider, SignUpApplication application, Language language, string from)
    {
        Demand.That(EmailAddress.TryParse(application.Email, out var address), "the address is good");
        Wish(async () =>
        {
            if (!limits.TryEnter(Entrance.NewMailbox, $"{provider.No} {address.Key}")) return;
            await new AskSignUp(installation.Database, installation.Clock).Run(
                provider.No, application, language, from);
        });
    }

    void Wish(Func<Task> wish)
    {
        if (!wishes.Writer.TryWrite(wish)) HostLog.MailNotWritten(log, null);
    }

    /// <summary>What was wished for before the end is written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested && wishes.Reader.TryRead(out var wish))
            await Write(wish);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var wish in wishes.Reader.ReadAllAsync(stoppingToken)) await Write(wish);
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    /// <summary>What was begun is written to its end.</summary>
    async Task Write(Func<Task> wish)
    {
        try
        {
            await wish();
        }
        catch (Exception exception)
        {
            // Whoever waits for the mail asks again.
            HostLog.MailNotWritten(log, exception);
        }
    }

    Task<long?> Insert(User user, NoticeKind what, Language language)
    {
        var notice = Notice.ToUser(user, new SignInNotice(language) { What = what });
        return installation.Database.InTransaction(
            (connection, transaction) => NoticeStore.Insert(
                connection, transaction, notice, installation.Clock.GetCurrentInstant()));
    }

    async Task<Result<User>> Find(Provider provider, EmailAddress address)
    {
        await using var connection = await installation.Database.Connect();
        return await UserStore.Find(connection, null, provider.No, address.Key);
    }

    static bool Wants(User user, LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmEmail => !user.EmailConfirmed,
        LinkPurpose.ResetPassword or LinkPurpose.Invitation or LinkPurpose.SignUp => true,

        // Asked for by whoever is signed in, and sent as a pair.
        LinkPurpose.LeaveEmail or LinkPurpose.TakeEmail => false,
    };
}
