using System.CommandLine;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host.Notifications;
using Tollkeeper.Host.SignIn;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper user create</c>, <c>list</c>, <c>lock</c>, <c>unlock</c>: who may sign in.</summary>
public static class UserCommand
{
    const int MostListed = 10_000;

    sealed record Created(string Id, string Email, string Mail);

    sealed record Listed(string Id, string Email, string Role, bool Confirmed, bool TwoStep, bool Locked,
        string? LastSignedInAt);

    static readonly Option<string> ProviderName = new("--provider")
    {
        Description = "The provider's name.",
        Required = true,
    };

    static readonly Option<string> Email = new("--email") { Description = "The e-mail address.", Required = true };

    static readonly Option<bool> Json = new("--json") { Description = "Answer as JSON." };

    public static Command Create() => new("user", "People who sign in to the portal or the office.")
    {
        CreateOne(), List(), Bar("lock", "End a user's sessions and let the user in no more.", locked: true),
        Bar("unlock", "Let a user in again, also after wrong passwords.", locked: false),
    };

    static Command CreateOne()
    {
        var account = new Option<string?>("--account")
        {
            Description = "The account's id or a SIP user of it; without one the user is staff.",
        };
        var language = new Option<string>("--language")
        {
            Description = "Of the pages and mails.",
            DefaultValueFactory = _ => Language.English.Tag(),
        };
        language.AcceptOnlyFromAmong([.. Languages.All.Select(one => one.Tag())]);
        var role = new Option<string?>("--role")
        {
            Description = "What the user may do; without it the first has full access and later ones the least.",
        };
        role.AcceptOnlyFromAmong([.. Roles.OfCustomers.Concat(Roles.OfStaff).Select(Roles.Word)]);
        var command = new Command("create", "Make a user and write the mail that invites to choose a password.")
        {
            ProviderName, Email, account, role, language, Json,
        };
        command.SetAction((parsed, ct) => At(parsed, async (database, settings, provider, address) =>
        {
            Demand.That(Languages.TryParse(parsed.GetRequiredValue(language), out var spoken), "a known language");
            var accountNo = await AccountOf(database, provider, parsed.GetValue(account));
            if (accountNo.Refused is { } noAccount) return Say.Refused(noAccount);
            if (PublicUrl.Problem(settings.PublicUrl) is { } badUrl) return Say.Refused(badUrl);
            if (SmtpSettings.Read(settings).Refused is { } badSmtp) return Say.Refused(badSmtp);
            var user = await new CreateUser(database, Services.Clock).Run(
                new NewUser(provider.No, accountNo.Value, address, EmailConfirmed: false, null, spoken,
                    Roles.Of(parsed.GetValue(role))),
                OnDatabase.Who, ct);
            if (user.Refused is { } refused) return Say.Refused(refused);
            var notice = new SignInNotice(spoken) { What = NoticeKind.Invitation };
            var mail = await new SendNow(database, Services.Clock, settings).Run(user.Value, notice, ct);
            if (parsed.GetValue(Json)) return Say.AsJson(new Created(user.Value.Id, address.Text, mail));
            Console.Out.WriteLine($"{address} may sign in at {provider.Name} after choosing a password.");
            Console.Out.WriteLine($"The invitation: {mail}");
            return ExitStatus.Done;
        }, ct));
        return command;
    }

    static Command List()
    {
        var command = new Command("list", "Show a provider's users.") { ProviderName, Json };
        command.SetAction((parsed, ct) => OnDatabase.Run(
            async (database, _) =>
            {
                await using var connection = await database.Connect(ct);
                var provider = await ProviderStore.FindByName(
                    connection, null, parsed.GetRequiredValue(ProviderName));
                if (provider.Refused is { } unknown) return Say.Refused(unknown);
                var users = await UserStore.Of(connection, provider.Value.No, MostListed);
                var listed = users.Select(user => new Listed(
                    user.Id, user.Email.Text, user.Role.Word(), user.EmailConfirmed, user.TwoStep, user.Locked,
                    user.LastSignedInAt?.ToString()));
                if (parsed.GetValue(Json)) return Say.AsJson(listed.ToList());
                foreach (var user in listed) Console.Out.WriteLine(LineOf(user));
                return ExitStatus.Done;
            },
            ct));
        return command;
    }

    static string LineOf(Listed user)
    {
        var state = user.Locked ? "locked" : user.Confirmed ? "" : "not confirmed";
        return $"{user.Id}  {user.Role,-13}  {user.Email,-40}  {state}".TrimEnd();
    }

    static Command Bar(string name, string description, bool locked)
    {
        var command = new Command(name, description) { ProviderName, Email, Json };
        command.SetAction((parsed, ct) => At(parsed, async (database, _, provider, address) =>
        {
            var user = await new LockUser(database, Services.Clock).Run(
                provider.No, address, locked, Actor.Named(OnDatabase.Who), ct);
            if (user.Refused is { } refused) return Say.Refused(refused);
            if (parsed.GetValue(Json)) return Say.AsJson(new { user.Value.Id, user.Value.Locked });
            Console.Out.WriteLine($"{address} is {(locked ? "locked: every session has ended" : "not locked")}.");
            return ExitStatus.Done;
        }, ct));
        return command;
    }

    /// <summary>With the provider and the address that were named, or refused with a sentence.</summary>
    static Task<int> At(
        ParseResult parsed, Func<Database, Settings, Provider, EmailAddress, Task<int>> work, CancellationToken ct) =>
        OnDatabase.Run(
            async (database, settings) =>
            {
                if (!EmailAddress.TryParse(parsed.GetRequiredValue(Email), out var address))
                    return Say.Refused(Refusal.BadEmail);
                Result<Provider> provider;
                await using (var connection = await database.Connect(ct))
                {
                    provider = await ProviderStore.FindByName(
                        connection, null, parsed.GetRequiredValue(ProviderName));
                }
                return provider.Refused is { } unknown
                    ? Say.Refused(unknown)
                    : await work(database, settings, provider.Value, address);
            },
            ct);

    static async Task<Result<long?>> AccountOf(Database database, Provider provider, string? account)
    {
        if (account is null) return (long?)null;
        var found = await new AccountDirectory(database).Find(provider.No, account);
        return found.Refused is { } unknown ? unknown : (long?)found.Value;
    }
}
