using System.Security.Cryptography;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>Whose a key is: a switch's has a provider, an account's an account too, an operator's neither.</summary>
public readonly record struct KeyHolder(KeyKind Kind, int? ProviderNo, long? AccountNo)
{
    public static KeyHolder Switch(int providerNo) => new(KeyKind.Switch, providerNo, null);

    public static KeyHolder Account(long accountNo) => new(KeyKind.Account, null, accountNo);

    public static KeyHolder Operator => new(KeyKind.Operator, null, null);
}

/// <summary>
/// Makes a key and shows its text this once; only the hash of its secret is kept. Refusals:
/// <see cref="Refusal.UnknownProvider"/>, <see cref="Refusal.UnknownAccount"/>.
/// </summary>
public sealed class IssueKey(Database database, IClock clock)
{
    const int IdPartBytes = 10;

    public Task<Result<KeyText>> Run(KeyHolder holder, string by, CancellationToken ct = default) =>
        database.InTransaction<KeyText>(
            async (connection, transaction) =>
            {
                if (holder.AccountNo is { } accountNo)
                {
                    var provider = await AccountStore.ProviderOf(connection, transaction, accountNo);
                    if (provider.Refused is { } unknown) return unknown;
                    holder = holder with { ProviderNo = provider.Value };
                }
                else if (holder.ProviderNo is { } providerNo)
                {
                    var provider = await ProviderStore.Find(connection, transaction, providerNo);
                    if (provider.Refused is { } unknown) return unknown;
                }
                var idPart = PublicId.Base32(RandomNumberGenerator.GetBytes(IdPartBytes));
                var key = new KeyText(holder.Kind, idPart, RandomNumberGenerator.GetBytes(KeyText.SecretBytes));
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Key);
                await KeyStore.Insert(connection, transaction, key, holder, revision, clock.GetCurrentInstant(), by);
                return key;
            },
            ct);
}

/// <summary>
/// Ends a key for good, on every node within 5 s; revoking it again changes nothing. Refusal:
/// <see cref="Refusal.UnknownKey"/>.
/// </summary>
public sealed class RevokeKey(Database database, IClock clock)
{
    public Task<Result<AccessKey>> Run(string idPart, string by, CancellationToken ct = default) =>
        database.InTransaction<AccessKey>(
            async (connection, transaction) =>
            {
                // The revision first: its row's lock puts all changes of keys in one order.
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Key);
                await KeyStore.Revoke(connection, transaction, idPart, revision, clock.GetCurrentInstant(), by);
                return await KeyStore.Find(connection, transaction, idPart);
            },
            ct);
}
