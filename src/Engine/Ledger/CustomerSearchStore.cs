using System.Globalization;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>Where a search goes on: behind one word of one account.</summary>
public readonly record struct WordPlace(string Word, long AccountNo, long Part)
{
    public static WordPlace Start => new("", 0, 0);

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{AccountNo}~{Part}~{Word}");

    /// <summary>The start for whatever is no place.</summary>
    public static WordPlace Read(string? text)
    {
        var parts = text?.Split('~', 3) ?? [];
        return parts.Length == 3 && PlainText.Fits(parts[2], SearchWords.LongestWord)
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var account)
            && long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var part)
            ? new WordPlace(parts[2], account, part)
            : Start;
    }
}

/// <summary>What a search found, best first: whole words before longer ones that begin with them.</summary>
/// <param name="More">Where it goes on; null: there is no more.</param>
public sealed record FoundCustomers(IReadOnlyList<CustomerRow> Rows, WordPlace? More);

/// <summary>
/// A provider's customers by the beginnings of words. Whatever is looked for, a bounded number of rows is read: of the
/// word that fewest have, the next so many, and of each whether its account has the others.
/// </summary>
public static class CustomerSearchStore
{
    /// <summary>Rows of a word that are looked at for one page.</summary>
    public const int LookedAt = 2_000;

    /// <summary>
    /// The place is the only lower bound: beside another one PostgreSQL would begin at the lower of both, which is the
    /// first word that there is.
    /// </summary>
    const string Behind = "provider_no = $1 and word < $2 and (word, account_no, part) > ($3, $4, $5)";

    const string InOrder = "order by word, account_no, part";

    static readonly string HowMany =
        $"""
        select count(*) from (
          select 1 from account_word where provider_no = $1 and word >= $2 and word < $3 limit {LookedAt + 1}) w
        """;

    /// <summary>There is one where the page has looked at as many as it may.</summary>
    static readonly string LastLookedAt =
        $"select word, account_no, part from account_word where {Behind} {InOrder} limit 1 offset {LookedAt - 1}";

    /// <summary>An account is listed at the first of its words alone.</summary>
    const string NotBefore =
        """
        not exists (
          select 1 from account_word e where e.account_no = s.account_no
          and e.word >= $6 and (e.word < s.word or (e.word = s.word and e.part < s.part)))
        """;

    /// <summary>What begins with a word is below this, in the order of code points.</summary>
    const string Last = "\U0010FFFF";

    /// <summary>No two ranges of a provider overlap: the last that begins before an address is the only one.</summary>
    static readonly string OfAddress =
        $"""
        select {CustomerRow.Columns}
        from (select account_no, last_address from account_network where provider_no = $1 and first_address <= $2
          order by first_address desc limit 1) n
        join account a on a.no = n.account_no
        left join wallet w on w.account_no = a.no
        where n.last_address >= $3
        order by w.name desc
        """;

    /// <summary>The customer who may call from an address, or from a part of a network.</summary>
    public static async Task<FoundCustomers> Find(
        Database database, int providerNo, AllowedNetwork network, CancellationToken ct)
    {
        var rows = new List<CustomerRow>();
        await database.Reads.Ask(
            new PageQuestion(
                OfAddress, row => CustomerRow.Add(rows, ref row), (long)providerNo,
                NetworkStore.Digits(network.Last), NetworkStore.Digits(network.First)),
            ct);
        return new FoundCustomers(rows, null);
    }

    /// <param name="words">As <see cref="SearchWords.Typed"/> gives them; all must be there.</param>
    public static async Task<FoundCustomers> Find(
        Database database, int providerNo, IReadOnlyList<string> words, WordPlace from, CancellationToken ct)
    {
        if (words.Count == 0) return new FoundCustomers([], null);
        var rarestFirst = words.Count == 1 ? words : await RarestFirst(database, providerNo, words, ct);
        var (rows, places) = (new List<CustomerRow>(), new Dictionary<long, WordPlace>());
        WordPlace? lookedAt = null;
        var begin = rarestFirst[0];
        // Whoever made up an address begins at the beginning.
        if (!from.Word.StartsWith(begin, StringComparison.Ordinal)) from = new WordPlace(begin, 0, 0);
        PageValue[] behind = [(long)providerNo, begin + Last, from.Word, from.AccountNo, from.Part];
        var others = rarestFirst.Skip(1).SelectMany(word => new PageValue[] { word, word + Last });
        await database.Reads.Ask(
            [
                new PageQuestion(TextFor(words.Count), AddRow, [.. behind, begin, .. others]),
                new PageQuestion(
                    LastLookedAt, row => lookedAt = new WordPlace(row.Text(), row.Long(), row.Long()), behind),
            ],
            ct);
        if (rows.Count <= CustomerStore.PageRows) return new FoundCustomers(rows, lookedAt);
        rows.RemoveRange(CustomerStore.PageRows, rows.Count - CustomerStore.PageRows);
        return new FoundCustomers(rows, places[rows[^1].No]);

        void AddRow(RowReader row)
        {
            var place = new WordPlace(row.Text(), row.Long(), row.Long());
            CustomerRow.Add(rows, ref row);
            places[rows[^1].No] = place;
        }
    }

    static string TextFor(int words)
    {
        var others = Enumerable.Range(0, words - 1).Select(i =>
            $"""
            and exists (
              select 1 from account_word o where o.account_no = s.account_no
              and o.word >= ${7 + (2 * i)} and o.word < ${8 + (2 * i)})
            """);
        return $"""
            select f.word, f.account_no, f.part, {CustomerRow.Columns}
            from (
              select s.word, s.account_no, s.part
              from (select word, account_no, part from account_word where {Behind} {InOrder} limit {LookedAt}) s
              where {NotBefore} {string.Join('\n', others)}
              order by s.word, s.account_no, s.part limit {CustomerStore.PageRows + 1}) f
            join account a on a.no = f.account_no
            left join wallet w on w.account_no = a.no
            order by f.word, f.account_no, f.part, w.name desc
            """;
    }

    static async Task<IReadOnlyList<string>> RarestFirst(
        Database database, int providerNo, IReadOnlyList<string> words, CancellationToken ct)
    {
        var counts = new List<long>();
        await database.Reads.Ask(
            [.. words.Select(word => new PageQuestion(
                HowMany, row => counts.Add(row.Long()), (long)providerNo, word, word + Last))],
            ct);
        return [.. words.Zip(counts).OrderBy(pair => pair.Second).Select(pair => pair.First)];
    }
}
