using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>A customer in a list; <see cref="Blocks"/> are those of suspensions, money may block more.</summary>
/// <param name="Wallets">The outbound or only one first.</param>
public sealed record CustomerRow(
    long No, string Id, string Name, AccountType Type, Currency Currency, Directions Blocks, bool Closed,
    List<CustomerWallet> Wallets);

/// <summary>What is in a wallet, and what of it calls hold; micros.</summary>
public sealed record CustomerWallet(string Name, long BalanceMicros, long HeldMicros);

/// <summary>A provider's customers as the office lists them, in the order in which they came.</summary>
public static class CustomerStore
{
    public const int PageRows = 50;

    /// <summary>All customers, or those whose id or SIP user is the text, or whose name holds it.</summary>
    const string Found =
        """
        and ($3 = '' or a.id = $3 or a.name_key like $4 escape '\'
          or a.no in (select s.account_no from sip_user s where s.name = $3 and s.provider_no = $1))
        """;

    static readonly string Text =
        $"""
        select a.no, a.id, a.name, a.type, a.currency, a.blocks, a.closed_at_micros is not null,
          w.name, w.balance_micros, w.held_micros
        from (select * from account a where a.provider_no = $1 and a.no > $2 {Found}
          order by a.no limit {PageRows + 1}) a
        left join wallet w on w.account_no = a.no
        order by a.no, w.name desc
        """;

    /// <summary>Customers of a provider after a number, one more than a page when there are more.</summary>
    public static async Task<IReadOnlyList<CustomerRow>> Page(
        Database database, int providerNo, string search, long afterNo, CancellationToken ct)
    {
        var rows = new List<CustomerRow>();
        var name = LikePattern.Holding(NameKey.Of(search));
        await database.Reads.Ask(new PageQuestion(Text, Add, providerNo, afterNo, search, name), ct);
        return rows;

        void Add(RowReader row)
        {
            var no = row.Long();
            var customer = new CustomerRow(
                no, row.Text(), row.Text(), (AccountType)row.Small(), Currency.Of(row.Text()),
                (Directions)row.Small(), row.Truth(), []);
            if (rows.Count == 0 || rows[^1].No != no) rows.Add(customer);
            if (row.TextOrNull() is { } wallet) rows[^1].Wallets.Add(new(wallet, row.Long(), row.Long()));
        }
    }
}
