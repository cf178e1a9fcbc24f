using System.Data.Common;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Providers;

/// <summary>Providers and the versions of their policies.</summary>
public static class ProviderStore
{
    /// <summary>The new provider's number; null when its name or host is taken.</summary>
    public static Task<int?> Insert(
        DbConnection connection, DbTransaction transaction, string id, NewProvider wanted, Instant now) =>
        connection.ExecuteScalarAsync<int?>(
            """
            insert into provider (id, name, host, currency, created_at_micros)
            values (@id, @Name, @Host, @currency, @now) on conflict do nothing returning no
            """,
            new { id, wanted.Name, wanted.Host, currency = wanted.Currency.Code, now = now.ToMicros() }, transaction);

    public static async Task<IReadOnlyList<Provider>> All(DbConnection connection, DbTransaction? transaction = null)
    {
        var rows = await connection.QueryAsync<ProviderRow>(
            "select no, id, name, host, currency, created_at_micros from provider order by no", null, transaction);
        return [.. rows.Select(row => row.ToProvider())];
    }

    public static async Task<Result<Provider>> Find(DbConnection connection, DbTransaction? transaction, int no)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ProviderRow>(
            "select no, id, name, host, currency, created_at_micros from provider where no = @no", new { no },
            transaction);
        return row is null ? Refusal.UnknownProvider : row.ToProvider();
    }

    /// <summary>A provider by its name, as commands and people say it.</summary>
    public static async Task<Result<Provider>> FindByName(DbConnection connection, DbTransaction? transaction,
        string name)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ProviderRow>(
            "select no, id, name, host, currency, created_at_micros from provider where name = @name", new { name },
            transaction);
        return row is null ? new Refused(Refusal.UnknownProvider, name) : row.ToProvider();
    }

    /// <summary>Keeps others apart who change what there is one of for each provider, until the commit.</summary>
    public static Task Lock(DbConnection connection, DbTransaction transaction, int providerNo) =>
        connection.ExecuteAsync(
            "update provider set name = name where no = @providerNo", new { providerNo }, transaction);

    /// <summary>
    /// Adds the next version and gives its number. The provider's row is locked first: versions have no gap.
    /// </summary>
    public static async Task<int> AddPolicy(
        DbConnection connection, DbTransaction transaction, int providerNo, Policy policy, Instant effectiveFrom,
        Instant now, string by)
    {
        await Lock(connection, transaction, providerNo);
        var version = 1 + await connection.ExecuteScalarAsync<int>(
            "select coalesce(max(version), 0) from policy where provider_no = @providerNo", new { providerNo },
            transaction);
        await connection.ExecuteAsync(
            """
            insert into policy (provider_no, version, effective_from_at_micros, document, saved_at_micros, saved_by)
            values (@providerNo, @version, @effectiveFrom, @document, @now, @by)
            """,
            new
            {
                providerNo,
                version,
                effectiveFrom = effectiveFrom.ToMicros(),
                document = policy.ToJson(),
                now = now.ToMicros(),
                by,
            },
            transaction);
        return version;
    }

    public static async Task<IReadOnlyList<PolicyVersion>> Policies(
        DbConnection connection, DbTransaction? transaction = null)
    {
        var rows = await connection.QueryAsync<PolicyRow>(
            "select provider_no, version, effective_from_at_micros, document from policy "
            + "order by provider_no, version",
            null, transaction);
        return [.. rows.Select(row => new PolicyVersion(
            row.ProviderNo, row.Version, Instants.FromMicros(row.EffectiveFromAtMicros),
            Policy.FromJson(row.Document)))];
    }

    sealed class ProviderRow
    {
        public int No { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Host { get; init; } = "";
        public string Currency { get; init; } = "";
        public long CreatedAtMicros { get; init; }

        public Provider ToProvider()
        {
            Demand.That(PublicId.TryParse(Id, PublicId.Provider, out var id), "a provider's row has a provider's id");
            return new Provider(No, id, Name, Host, Tollkeeper.Currency.Of(Currency),
                Instants.FromMicros(CreatedAtMicros));
        }
    }

    sealed class PolicyRow
    {
        public int ProviderNo { get; init; }
        public int Version { get; init; }
        public long EffectiveFromAtMicros { get; init; }
        public string Document { get; init; } = "";
    }
}
