using System.Diagnostics;
using System.Globalization;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

public sealed class ExportLedgerTests
{
    [BothDatabases]
    [Trait("Category", "needs-ledger")]
    public async Task Hledger_and_ledger_add_up_the_books_to_the_same_micro_on_every_account(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        await books.Damage($"update entry set reference = 'a; \"b\" |c\n  d' where wallet_no = {books.PrepaidWallet}");
        var path = Path.Combine(books.Test.Folder, "books.journal");
        await Export(books, ExportFormat.Hledger, path);
        await Run("hledger", "-f", path, "check", "--strict");

        var ours = await Totals(books);
        Assert.True(ours.Count >= 5);
        var hledger = (await Run("hledger", "-f", path, "balance", "--flat", "--no-total", "--output-format", "csv"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Trim('"').Split("\",\""))
            .ToDictionary(fields => fields[0], fields => Micros(fields[1]));
        Assert.Equal(ours.OrderBy(sum => sum.Key), hledger.OrderBy(sum => sum.Key));
        var ledger = (await Run(
                "ledger", "--args-only", "-f", path, "--pedantic", "balance", "--flat", "--no-total",
                "--balance-format", "%(account)\t%(display_total)\n"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(fields => fields[0], fields => Micros(fields[1]));
        Assert.Equal(ours.OrderBy(sum => sum.Key), ledger.OrderBy(sum => sum.Key));
    }

    [BothDatabases]
    [Trait("Category", "needs-ledger")]
    public async Task An_export_whose_wallet_is_wrong_by_a_micro_fails_the_assertion_of_both_programs(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        await books.Damage($"update wallet set balance_micros = balance_micros + 1 where no = {books.PrepaidWallet}");
        var path = Path.Combine(books.Test.Folder, "books.journal");
        await Export(books, ExportFormat.Hledger, path);
        Assert.NotEqual(0, (await Start("hledger", "-f", path, "check")).Exit);
        Assert.NotEqual(0, (await Start("ledger", "-f", path, "balance")).Exit);
    }

    [BothDatabases]
    public async Task The_csv_has_a_line_for_each_posting_and_quotes_what_needs_it(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        await books.Damage(
            $"update entry set reference = 'a,\"b\"' where wallet_no = {books.PrepaidWallet} and seq = 1");
        var path = Path.Combine(books.Test.Folder, "books.csv");
        var counts = await Export(books, ExportFormat.Csv, path);
        Assert.Equal(await books.Number("select count(*) from posting"), counts.Postings);
        Assert.Equal(await books.Number("select count(*) from entry"), counts.Entries);
        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(counts.Postings + 1, lines.Length);
        Assert.Equal(
            $"{books.Prepaid},main,{books.PrepaidWallet},1,Deposit,2026-03-02T15:00:00Z,2026-03-02T15:00:00Z,"
            + "\"a,\"\"b\"\"\",1,1120,Assets:In transit,2100,Liabilities:Customer prepaid,3.000000,USD,3.000000,EXEMPT",
            lines.First(line => line.StartsWith(
                $"{books.Prepaid},main,{books.PrepaidWallet},1,", StringComparison.Ordinal)));
    }

    static async Task<ExportCounts> Export(SomeBooks books, ExportFormat format, string path)
    {
        await using var file = File.Create(path);
        return await new ExportLedger(books.Test.Database).Write(file, format);
    }

    /// <summary>Our own sums of the postings: a debit positive, wallets apart.</summary>
    static async Task<Dictionary<string, long>> Totals(SomeBooks books)
    {
        await using var connection = await books.Test.Database.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            select side, case when side = ledger_code then account else '' end, cast(sum(amount) as bigint) from (
              select w.ledger_code, a.id as account, p.debit as side, p.amount_micros as amount
              from posting p join wallet w on w.no = p.wallet_no join account a on a.no = w.account_no
              union all
              select w.ledger_code, a.id, p.credit, -p.amount_micros
              from posting p join wallet w on w.no = p.wallet_no join account a on a.no = w.account_no) sides
            group by 1, 2
            """;
        await using var reader = await command.ExecuteReaderAsync();
        var totals = new Dictionary<string, long>();
        while (await reader.ReadAsync())
        {
            var account = reader.GetString(1);
            var name = LedgerCode.Names[reader.GetString(0)] + (account.Length > 0 ? $":{account}:main" : "");
            if (reader.GetInt64(2) != 0) totals.Add(name, reader.GetInt64(2));
        }
        return totals;
    }

    static long Micros(string amount)
    {
        var number = amount.Replace(" USD", "", StringComparison.Ordinal).Trim();
        Assert.True(Money.TryParse(number, Currency.Usd, out var money), amount);
        return money.Micros;
    }

    static async Task<string> Run(string program, params string[] arguments)
    {
        var (exit, output, error) = await Start(program, arguments);
        Assert.True(exit == 0, string.Create(CultureInfo.InvariantCulture, $"{program}: {exit}\n{error}"));
        return output;
    }

    static async Task<(int Exit, string Output, string Error)> Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
