using System.Data.Common;
using Dapper;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Bench;

/// <summary>Very many customers with names, people and words, and very many records, on PostgreSQL.</summary>
static class OfficeBenchStore
{
    /// <summary>Names and people of all accounts, and the words of both as the program writes them.</summary>
    public static async Task Furnish(Database database)
    {
        await using var connection = await database.Connect();
        await connection.ExecuteAsync(
            """
            update account set name = (array['Northwind', 'Contoso', 'Fabrikam', 'Litware', 'Adatum', 'Proseware',
                'Tailspin', 'Wingtip', 'Trey', 'Lucerne'])[1 + no % 10] || ' '
              || (array['Voice', 'Telecom', 'Networks', 'Communications', 'Systems', 'Media', 'Group'])[1 + no % 7]
              || ' ' || substr(md5(no::text), 1, 6) || ' Inc';
            insert into account_profile (account_no, contact_name, phone, billing_email, service_line1, service_city,
              service_region, service_postal_code, service_country, version)
            select no, 'Contact ' || no, '+1514' || lpad((no % 10000000)::text, 7, '0'),
              'bills' || no || '@example.com', no || ' Rue Principale', 'Montreal', 'QC', 'H2Y 1C6', 'CA', 1
            from account;
            insert into account_note (account_no, text, by_whom, at_micros)
            select no, 'Called back, wants a higher limit.', 'sam@example.com', 1 from account where no % 5 = 0
            """,
            commandTimeout: 3_600);
        await WithoutIndexes(connection, "account_word", () => connection.ExecuteAsync(
            """
            delete from account_word;
            insert into account_word (provider_no, word, account_no, part)
            select provider_no, unnest(string_to_array(substr(id, 5) || ' ' || lower(name), ' ')), no, 0
            from account;
            insert into account_word (provider_no, word, account_no, part)
            select a.provider_no, unnest(array['contact', a.no::text, '1514' || lpad((a.no % 10000000)::text, 7, '0'),
              '514' || lpad((a.no % 10000000)::text, 7, '0'), 'bills' || a.no || '@example.com', 'bills' || a.no,
              'example', 'com']), a.no, -1 from account a;
            insert into account_word (provider_no, word, account_no, part)
            select provider_no, unnest(array[email_key, split_part(email_key, '@', 1), 'example', 'com']),
              account_no, no
            from portal_user where account_no is not null
            """,
            commandTimeout: 3_600));
    }

    /// <summary>Records of half a year, of all accounts and of the staff, the newest last.</summary>
    public static async Task Record(Database database, long count, long nowMicros)
    {
        await using var connection = await database.Connect();
        await WithoutIndexes(connection, "audit_record", () => connection.ExecuteAsync(
            """
            insert into audit_record (at_micros, provider_no, user_no, account_no, act, subject, details, before, after,
              address)
            select @nowMicros - (@count - i) * 1500000, s.provider_no, s.no, 1 + i * 7919 % a.most,
              (array['profile_changed', 'note_written', 'suspended', 'suspension_cleared', 'credit_limit_set',
                'approved', 'signed_in', 'signed_out'])[1 + i % 8],
              'subject ' || i % 1000000, 'reader@example.com', 'contact: Bo', 'contact: Ana', '203.0.113.7'
            from generate_series(1, @count) i
            cross join (select count(*) as most from account) a
            join (select no, provider_no, row_number() over (order by no) as place, count(*) over () as many
              from portal_user where account_no is null) s on s.place = 1 + i % s.many
            """,
            new { count, nowMicros }, commandTimeout: 3_600));
        await connection.ExecuteAsync("vacuum analyze", commandTimeout: 3_600);
    }

    public static async Task<IReadOnlyList<(long No, string Id, string Name)>> Some(Database database, int count)
    {
        await using var connection = await database.Connect();
        return (await connection.QueryAsync<(long, string, string)>(
            """
            select no, id, name from account where no in (
              select 1 + i * 104729 % (select count(*) from account) from generate_series(1, @count) i)
            """,
            new { count })).AsList();
    }

    public static async Task<IReadOnlyList<string>> StaffIds(Database database)
    {
        await using var connection = await database.Connect();
        return (await connection.QueryAsync<string>("select id from portal_user where account_no is null")).AsList();
    }

    /// <summary>Filled and indexed one after the other, both are quicker.</summary>
    static async Task WithoutIndexes(DbConnection connection, string table, Func<Task> fill)
    {
        var indexes = (await connection.QueryAsync<(string Name, string Text)>(
            "select indexname, indexdef from pg_indexes where tablename = @table and indexname not like '%_pkey'",
            new { table })).AsList();
        foreach (var (name, _) in indexes) await connection.ExecuteAsync($"drop index {name}");
        await fill();
        foreach (var (_, text) in indexes) await connection.ExecuteAsync(text, commandTimeout: 3_600);
    }
}
