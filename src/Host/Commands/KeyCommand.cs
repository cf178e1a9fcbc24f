using System.CommandLine;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper key issue</c> and <c>key revoke</c>: keys of switches, accounts and operators.</summary>
public static class KeyCommand
{
    sealed record Issued(string Key, string IdPart);

    sealed record Revoked(string IdPart, string RevokedAt);

    public static Command Create() =>
        new("key", "Keys to the API: for a switch, an account, or an operator.") { Issue(), Revoke() };

    static Command Issue()
    {
        var kind = new Argument<string>("kind") { Description = "Whose key." };
        kind.AcceptOnlyFromAmong("switch", "account", "operator");
        var provider = new Option<string?>("--provider")
        {
            Description = "The provider's name; for switches and accounts.",
        };
        var account = new Option<string?>("--account") { Description = "The account's id or a SIP user of it." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        var command = new Command("issue", "Make a key and show it this once.") { kind, provider, account, json };
        command.Validators.Add(given =>
        {
            _ = KeyText.TryKind(given.GetValue(kind) ?? "", out var wanted);
            if (given.GetValue(provider) is null == (wanted != KeyKind.Operator))
                given.AddError("--provider goes with a key for a switch or an account, and only there.");
            if (given.GetValue(account) is null == (wanted == KeyKind.Account))
                given.AddError("--account goes with a key for an account, and only there.");
        });
        command.SetAction((parsed, ct) => OnDatabase.Run(
            async (database, _) =>
            {
                var holder = await HolderOf(database, KindOf(parsed.GetRequiredValue(kind)), parsed.GetValue(provider),
                    parsed.GetValue(account));
                if (holder.Refused is { } unknown) return Say.Refused(unknown);
                var issued = await new IssueKey(database, Services.Clock).Run(holder.Value, OnDatabase.Who, ct);
                if (issued.Refused is { } refused) return Say.Refused(refused);
                if (parsed.GetValue(json)) return Say.AsJson(new Issued(issued.Value.Reveal(), issued.Value.IdPart));
                Console.Out.WriteLine(issued.Value.Reveal());
                return ExitStatus.Done;
            },
            ct));
        return command;
    }

    static KeyKind KindOf(string name)
    {
        Demand.That(KeyText.TryKind(name, out var kind), "the parser let a kind of key through");
        return kind;
    }

    static Command Revoke()
    {
        var idPart = new Argument<string>("id") { Description = "The key's third part; its secret is not needed." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        var command = new Command("revoke", "End a key for good, on every node within 5 s.") { idPart, json };
        command.SetAction((parsed, ct) => OnDatabase.Run(
            async (database, _) =>
            {
                var revoked = await new RevokeKey(database, Services.Clock).Run(parsed.GetRequiredValue(idPart),
                    OnDatabase.Who, ct);
                if (revoked.Refused is { } refused) return Say.Refused(refused);
                var answer = new Revoked(revoked.Value.IdPart, $"{revoked.Value.RevokedAt}");
                if (parsed.GetValue(json)) return Say.AsJson(answer);
                Console.Out.WriteLine($"Key {answer.IdPart} is revoked since {answer.RevokedAt}.");
                return ExitStatus.Done;
            },
            ct));
        return command;
    }

    static async Task<Result<KeyHolder>> HolderOf(Database database, KeyKind kind, string? providerName,
        string? account)
    {
        if (providerName is null) return KeyHolder.Operator;
        await using var connection = await database.Connect();
        var provider = await ProviderStore.FindByName(connection, null, providerName);
        if (provider.Refused is { } unknown) return unknown;
        if (kind != KeyKind.Account || account is null) return KeyHolder.Switch(provider.Value.No);
        var found = await new AccountDirectory(database).Find(provider.Value.No, account);
        return found.Refused is { } none ? none : KeyHolder.Account(found.Value);
    }
}
