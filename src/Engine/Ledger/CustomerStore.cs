using System.Data.Common;
using Dapper;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>A customer in a list; <see cref="Blocks"/> are those of suspensions, money may block more.</summary>
public sealed record CustomerRow(
    long No, string Id, string Name, AccountType Type, Currency Currency, Directions Blocks, bool Closed,
    long BalanceMicros, long HeldMicros);

/// <summary>A provider's customers as the office lists them, in the order in which they came.</summary>
public static class CustomerStore
{
    public const int PageRows = 50;

    const string Columns =
        """
        a.no, a.id, a.name, a.type, a.currency, a.blocks, a.closed_at_micros is not null,
        coalesce((select sum(w.balance_micros) from wallet w where w.account_no = a.no), 0),
        coalesce((select sum(w.held_micros) from wallet w where w.account_no = a.no), 0)
        """;

    /// <summary>
    /// Customers of a provider after a number, one more than a page when there are more: all of them, or those whose id
    /// or SIP user is the text, or whose name holds it.
    /// </summary>
    public static async Task<IReadOnlyList<CustomerRow>> Page(
        Database database, int providerNo, string search, long afterNo, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var exact = search.Length == 0 ? null : await AccountNo(connection, providerNo, search);
        await using var command = connection.CreateCommand();
        var chosen = exact is not null
            ? "and a.no = @exact"
            : search.Length == 0 ? "" : "and lower(a.name) like @name escape '!'";
        command.CommandText =
            $"""
            select {Columns} from account a
            where a.provider_no = @provider and a.no > @after {chosen} order by a.no limit {PageRows + 1}
            """;
        Add("provider", providerNo);
        Add("after", afterNo);
        if (exact is { } no) Add("exact", no);
        else if (search.Length > 0) Add("name", "%" + Escaped(search.ToLowerInvariant()) + "%");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<CustomerRow>();
        while (await reader.ReadAsync(ct))
        {
            var row = new RowReader(reader);
            rows.Add(new CustomerRow(
                row.Long(), row.Text(), row.Text(), (AccountType)row.Small(), Currency.Of(row.Text()),
                (Directions)row.Small(), row.Truth(), row.Sum(), row.Sum()));
        }
        return rows;

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    static Task<long?> AccountNo(DbConnection connection, int providerNo, string search) =>
        connection.ExecuteScalarAsync<long?>(
            """
            select no from account where id = @search and provider_no = @providerNo
            union all select account_no from sip_user where name = @search and provider_no = @providerNo limit 1
            """,
            new { providerNo, search });

    static string Escaped(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal)
            .Replace("_", "!_", StringComparison.Ordinal);
}
