using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>A customer in a list; <see cref="Blocks"/> are those of suspensions, money may block more.</summary>
/// <param name="Wallets">The outbound or only one first.</param>
public sealed record CustomerRow(
    long No, string Id, string Name, AccountType Type, Currency Currency, Directions Blocks, bool Closed,
    List<CustomerWallet> Wallets)
{
    /// <summary>The columns of <see cref="Add"/>, in its order: of an account <c>a</c> and its wallets.</summary>
    internal const string Columns =
        """
        a.no, a.id, a.name, a.type, a.currency, a.blocks, a.closed_at_micros is not null,
        w.name, w.balance_micros, w.held_micros
        """;

    /// <summary>One row of a wallet; an account's rows follow one another.</summary>
    internal static void Add(List<CustomerRow> rows, ref RowReader row)
    {
        var no = row.Long();
        var customer = new CustomerRow(
            no, row.Text(), row.Text(), (AccountType)row.Small(), Currency.Of(row.Text()),
            (Directions)row.Small(), row.Truth(), []);
        if (rows.Count == 0 || rows[^1].No != no) rows.Add(customer);
        if (row.TextOrNull() is { } wallet) rows[^1].Wallets.Add(new(wallet, row.Long(), row.Long()));
    }
}

/// <summary>What is in a wallet, and what of it calls hold; micros.</summary>
public sealed record CustomerWallet(string Name, long BalanceMicros, long HeldMicros);

/// <summary>A provider's customers as the office lists them, in the order in which they came.</summary>
public static class CustomerStore
{
    public const int PageRows = 50;

    static readonly string Text =
        $"""
        select {CustomerRow.Columns}
        from (select * from account where provider_no = $1 and no > $2 order by no limit {PageRows + 1}) a
        left join wallet w on w.account_no = a.no
        order by a.no, w.name desc
        """;

    /// <summary>Customers of a provider after a number, one more than a page when there are more.</summary>
    public static async Task<IReadOnlyList<CustomerRow>> Page(
        Database database, int providerNo, long afterNo, CancellationToken ct)
    {
        var rows = new List<CustomerRow>();
        await database.Reads.Ask(
            new PageQuestion(Text, row => CustomerRow.Add(rows, ref row), (long)providerNo, afterNo), ct);
        return rows;
    }
}
