using System.CommandLine;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Host.SignIn;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper user create</c>, <c>user lock</c> and <c>user unlock</c>: who may sign in.</summary>
public static class UserCommand
{
    sealed record Created(string Id, string Email, string? Account, string Mail);

    public static Command Create() =>
        new("user", "Who may sign in: a provider's staff, and customers' users.")
        {
            Make(), Bar("lock", "Bar a user from signing in and end all sessions.", locked: true),
            Bar("unlock", "Let a user sign in again.", locked: false),
        };

    static Command Make()
    {
        var (provider, email) = (Provider(), Email());
        var account = new Option<string?>("--account") { Description = "The account's id; without it, staff." };
        var language = new Option<string>("--language")
        {
            Description = "en, fr or es.",
            DefaultValueFactory = _ => "en",
        };
        language.AcceptOnlyFromAmong("en", "fr", "es");
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        var command = new Command("create", "Make a user and write the mail that invites to choose a password.")
        {
            provider, email, account, language, json,
        };
        command.SetAction((parsed, ct) => OnDatabase.Run(
            async (database, settings) =>
            {
                await using var connection = await database.Connect(ct);
                var found = await ProviderStore.FindByName(connection, null, parsed.GetRequiredValue(provider));
                if (found.Refused is { } unknown) return Say.Refused(unknown);
                var wanted = await Wanted(database, found.Value.No, parsed.GetRequiredValue(email),
                    parsed.GetValue(account), parsed.GetValue(language), ct);
                if (wanted.Refused is { } bad) return Say.Refused(bad);
                var made = await new CreateUser(database, Services.Clock).Run(wanted.Value, OnDatabase.Who, ct);
                if (made.Refused is { } refused) return Say.Refused(refused);
                var brands = (await BrandStore.All(connection)).ToDictionary(kept => kept.Brand.ProviderNo);
                var brand = brands.GetValueOrDefault(
                    found.Value.No, new BrandKept(Tollkeeper.Providers.Brand.Plain(found.Value), []));
                await new LinkMails(database, settings, Services.Clock).Send(
                    made.Value, found.Value, brand, LinkPurpose.Invitation, wanted.Value.Language ?? default, ct);
                var mail = new MailFolder(settings.DataFolder).Path;
                if (parsed.GetValue(json))
                    return Say.AsJson(new Created(
                        made.Value.Id, made.Value.Email.Text, parsed.GetValue(account), mail));
                await Console.Out.WriteLineAsync($"{made.Value.Email} is invited; the mail is in {mail}.");
                return ExitStatus.Done;
            },
            ct));
        return command;
    }

    static async Task<Result<NewUser>> Wanted(
        Database database, int providerNo, string email, string? account, string? language, CancellationToken ct)
    {
        if (!EmailAddress.TryParse(email, out var address)) return new Refused(Refusal.BadEmail, email);
        _ = Languages.TryParse(language, out var spoken);
        if (account is null) return new NewUser(providerNo, null, address, false, null, spoken);
        var found = await new AccountDirectory(database).Find(providerNo, account, ct);
        if (found.Refused is { } unknown) return unknown;
        return new NewUser(providerNo, found.Value, address, false, null, spoken);
    }

    static Command Bar(string name, string what, bool locked)
    {
        var (provider, email) = (Provider(), Email());
        var command = new Command(name, what) { provider, email };
        command.SetAction((parsed, ct) => OnDatabase.Run(
            async (database, _) =>
            {
                await using var connection = await database.Connect(ct);
                var found = await ProviderStore.FindByName(connection, null, parsed.GetRequiredValue(provider));
                if (found.Refused is { } unknown) return Say.Refused(unknown);
                if (!EmailAddress.TryParse(parsed.GetRequiredValue(email), out var address))
                    return Say.Refused(new Refused(Refusal.BadEmail, parsed.GetRequiredValue(email)));
                var done = await new LockUser(database, Services.Clock).Run(
                    found.Value.No, address, locked, OnDatabase.Who, ct);
                if (done.Refused is { } refused) return Say.Refused(refused);
                await Console.Out.WriteLineAsync(
                    locked ? $"{address} can sign in no more." : $"{address} can sign in again.");
                return ExitStatus.Done;
            },
            ct));
        return command;
    }

    static Option<string> Provider() => new("--provider") { Description = "The provider's name.", Required = true };

    static Option<string> Email() => new("--email") { Description = "The user's e-mail address.", Required = true };
}
