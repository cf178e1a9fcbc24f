using System.Data.Common;
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
/// <see cref="Refusal.UnknownProvider"/>, <see cref="Refusal.UnknownAccount"/>, and with terms
/// <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.BadText"/>, <see cref="Refusal.ScopeMissing"/>,
/// <see cref="Refusal.DatePast"/>, <see cref="Refusal.TooManyKeys"/>.
/// </summary>
public sealed class IssueKey(Database database, IClock clock)
{
    /// <summary>In force at once; a provider has a key for each of its switches.</summary>
    public const int MostOfAccount = 50;
    public const int MostOfProvider = 1_000;

    const int IdPartBytes = 10;

    /// <summary>For everything that a key of the kind can open, for good.</summary>
    public Task<Result<KeyText>> Run(KeyHolder holder, string by, CancellationToken ct = default) =>
        Make(holder, KeyTerms.Whole(holder.Kind), Actor.Named(by), ct);

    public Task<Result<KeyText>> Run(KeyHolder holder, KeyTerms terms, Actor by, CancellationToken ct = default) =>
        KeyTerms.NameProblem(terms.Name) is { } problem
            ? Task.FromResult<Result<KeyText>>(problem)
            : Make(holder, terms, by, ct);

    Task<Result<KeyText>> Make(KeyHolder holder, KeyTerms terms, Actor by, CancellationToken ct) =>
        database.InTransaction<KeyText>(
            async (connection, transaction) =>
            {
                var owner = await OwnerOf(connection, transaction, holder);
                if (owner.Refused is { } unknown) return unknown;
                holder = owner.Value;
                var now = clock.GetCurrentInstant();
                if (terms.Scopes == KeyScopes.None || (terms.Scopes & ~KeyScopesOf.Kind(holder.Kind)) != KeyScopes.None)
                    return Refusal.ScopeMissing;
                if (terms.ExpiresAt <= now) return Refusal.DatePast;
                // The revision first: its row's lock puts all changes of keys in one order.
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Key);
                var most = holder.AccountNo is null ? MostOfProvider : MostOfAccount;
                if (holder.ProviderNo is not null
                    && await KeyStore.InForce(connection, transaction, holder, now) >= most)
                    return Refusal.TooManyKeys;
                var idPart = PublicId.Base32(RandomNumberGenerator.GetBytes(IdPartBytes));
                var key = new KeyText(holder.Kind, idPart, RandomNumberGenerator.GetBytes(KeyText.SecretBytes));
                await KeyStore.Insert(connection, transaction, key, holder, terms, revision, now, by.Name);
                var record = new AuditRecord(
                    Act.KeyMade, holder.ProviderNo, by.UserNo, holder.AccountNo, idPart, by.Name, by.Address)
                {
                    After = Words(terms),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return key;
            },
            ct);

    /// <summary>With the provider of the account.</summary>
    static async Task<Result<KeyHolder>> OwnerOf(
        DbConnection connection, DbTransaction transaction, KeyHolder holder)
    {
        if (holder.AccountNo is { } accountNo)
        {
            var provider = await AccountStore.ProviderOf(connection, transaction, accountNo);
            return provider.Refused is { } unknown ? unknown : holder with { ProviderNo = provider.Value };
        }
        if (holder.ProviderNo is not { } providerNo) return holder;
        var found = await ProviderStore.Find(connection, transaction, providerNo);
        return found.Refused is { } none ? none : holder;
    }

    static string Words(KeyTerms terms) =>
        $"name: {terms.Name}; scopes: {string.Join(", ", KeyScopesOf.Each(terms.Scopes).Select(KeyScopesOf.Word))}; "
        + $"until: {(terms.ExpiresAt is { } until ? $"{until}" : "revoked")}";
}

/// <summary>
/// Ends a key for good, on every node within 5 s; revoking it again changes nothing. Refusal:
/// <see cref="Refusal.UnknownKey"/>, also for a key that is not the holder's.
/// </summary>
public sealed class RevokeKey(Database database, IClock clock)
{
    public Task<Result<AccessKey>> Run(string idPart, string by, CancellationToken ct = default) =>
        Run(idPart, null, Actor.Named(by), ct);

    /// <param name="of">Whose it must be; null: anybody's.</param>
    public Task<Result<AccessKey>> Run(string idPart, KeyHolder? of, Actor by, CancellationToken ct = default) =>
        database.InTransaction<AccessKey>(
            async (connection, transaction) =>
            {
                // The revision first: its row's lock puts all changes of keys in one order.
                var revision = await RevisionStore.Raise(connection, transaction, Watched.Key);
                var found = await KeyStore.Find(connection, transaction, idPart);
                if (found.Refused is not null) return found;
                var key = found.Value;
                if (of is { } holder && holder != new KeyHolder(key.Kind, key.ProviderNo, key.AccountNo))
                    return Refusal.UnknownKey;
                var now = clock.GetCurrentInstant();
                if (!await KeyStore.Revoke(connection, transaction, idPart, revision, now, by.Name)) return key;
                var record = new AuditRecord(
                    Act.KeyRevoked, key.ProviderNo, by.UserNo, key.AccountNo, idPart, by.Name, by.Address);
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return key with { RevokedAt = now };
            },
            ct);
}
