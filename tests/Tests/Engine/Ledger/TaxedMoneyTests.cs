using System.Text.Json.Nodes;
using Dapper;
using NodaTime;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Engine.Charging;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>Deposits with their tax, and how they go back, in the books.</summary>
public sealed class TaxedMoneyTests
{
    readonly MovableClock clock = new();

    /// <summary>The lines of the worked example that concern the customer: what came, was used, and was taken back.
    /// </summary>
    [BothDatabases]
    public async Task ACC_01_ACC_02_A_deposit_with_tax_that_is_charged_back_after_most_of_it_was_used(DatabaseKind kind)
    {
        var example = Assert.Single(WorkedExamples.WithInputs("deposit_base_cents", "used_cents", "chargeback_cents"));
        var given = example.Inputs.Object();
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account());
        var (all, used) = (Micros(given, "deposit_base_cents"), Micros(given, "used_cents"));
        var tax = SalesTaxTable.Shipped.Of("CA-" + given.Text("province"), new LocalDate(2026, 2, 10)).Value;
        var quote = TaxQuote.OnTop(new Money(all, desk.Provider.Currency), tax, _ => null);

        await Post(EntryKind.Deposit, all, LedgerCode.GatewayClearing, "deposit", Parts(quote));
        await Check("DEPOSIT", all);
        await Post(EntryKind.Debit, used, LedgerCode.OutboundRevenue, "usage", []);
        await Check("USAGE", all - used);
        // The tax on what is left goes back, that on what was used stays due.
        var unused = quote.Refund(Money.Zero(desk.Provider.Currency), new Money(all - used, desk.Provider.Currency));
        var due = quote.Tax - unused.Tax;
        await Post(
            EntryKind.Chargeback, all, LedgerCode.GatewayClearing, "chargeback",
            [.. Parts(unused), new TaxPart(LedgerCode.RecoverableTax, due.Micros)]);
        await Check("CHARGEBACK", -used);
        Assert.Equal(
            example.Expected.Object().Int("customer_owes_cents") * Money.MicrosPerCent, used + due.Micros);
        Assert.Equal(Micros(given, "chargeback_cents"), all + quote.Tax.Micros);
        await Audited.Clean(test.Database, "after the chargeback");

        async Task Post(EntryKind what, long micros, string house, string key, TaxPart[] taxes)
        {
            var move = new MoneyMove(
                desk.Provider.No, account, null, what, new Money(micros, desk.Provider.Currency), house, key, key)
            { Taxes = taxes };
            var first = await desk.Money.Post(move, 0);
            Assert.True(first.Accepted, first.Refused?.ToString());
            Assert.Equal(first.Value, (await desk.Money.Post(move, 0)).Value);
        }

        async Task Check(string happened, long balance)
        {
            var lines = example.Expected.Object()["entries"]!.AsArray().Select(one => one!.AsObject())
                .Single(entry => entry.Text("event") == happened)["lines"]!.AsArray().Select(one => one!.AsObject());
            var expected = lines.ToDictionary(
                line => line.Text("account")[..4],
                line => (line.Int("credit_cents") - line.Int("debit_cents")) * Money.MicrosPerCent);
            var last = await Sums(test.Database);
            Assert.Equal(expected.OrderBy(one => one.Key), last.OrderBy(one => one.Key));
            await using var connection = await test.Database.Connect();
            Assert.Equal(balance, await connection.ExecuteScalarAsync<long>("select balance_micros from wallet"));
        }
    }

    [BothDatabases]
    public async Task TAX_CA_07_A_refund_gives_back_what_is_there_and_no_more(DatabaseKind kind)
    {
        await using var test = await TestDatabase.New(kind);
        await using var desk = await Desk.Open(test.Database, clock);
        var account = await desk.AccountNo(await desk.Account(balanceMicros: 40_000_000));
        var refund = new MoneyMove(
            desk.Provider.No, account, null, EntryKind.Refund, new Money(40_000_000, desk.Provider.Currency),
            LedgerCode.GatewayClearing, "r1", "refund")
        { Taxes = [new TaxPart(LedgerCode.SalesTax, 5_200_000)] };
        var more = refund with { Amount = refund.Amount + new Money(1, desk.Provider.Currency) };
        Assert.Equal(Refusal.InsufficientFunds, (await desk.Money.Post(more, 0)).Refused?.Refusal);
        Assert.Equal(0, (await desk.Money.Post(refund, 0)).Value.Balance.Micros);
        var otherwise = refund with { Taxes = [new TaxPart(LedgerCode.SalesTax, 5_200_001)] };
        Assert.Equal(Refusal.RepeatedDifferently, (await desk.Money.Post(otherwise, 0)).Refused?.Refusal);
        var sums = await Sums(test.Database);
        Assert.Equal((45_200_000L, -5_200_000L), (sums["1110"], sums["2310"]));
        await Audited.Clean(test.Database, "after the refund");
    }

    [Theory]
    [InlineData("ON", "2310")]
    [InlineData("QC", "2310, 2320")]
    [InlineData("BC", "2310, 2330-BC")]
    [InlineData("MB", "2310, 2330-MB")]
    public void Each_tax_is_owed_in_its_own_account(string province, string codes) => Assert.Equal(
        codes, string.Join(", ", SalesTaxTable.Shipped.Of("CA-" + province, new LocalDate(2026, 2, 10)).Value
            .Select(TaxLedger.CodeOf)));

    static TaxPart[] Parts(TaxQuote quote) =>
        [.. quote.Lines.Select(line => new TaxPart(TaxLedger.CodeOf(line.Tax), line.Amount.Micros))];

    /// <summary>What the newest entry did to each account of the chart, credits positive.</summary>
    static async Task<Dictionary<string, long>> Sums(Database database)
    {
        await using var connection = await database.Connect();
        var rows = await connection.QueryAsync<(string Debit, string Credit, long Micros)>(
            "select debit, credit, amount_micros from posting where seq = (select max(seq) from entry)");
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (debit, credit, micros) in rows)
        {
            sums[debit[..4]] = sums.GetValueOrDefault(debit[..4]) - micros;
            sums[credit[..4]] = sums.GetValueOrDefault(credit[..4]) + micros;
        }
        return sums;
    }

    static long Micros(JsonObject holder, string field) => holder.Int(field) * Money.MicrosPerCent;
}
