using System.CommandLine;
using Tollkeeper.Host.Api;
using Tollkeeper.Taxes;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper tax quote</c>: the taxes of an amount, by the rates that this release ships.</summary>
public static class TaxCommand
{
    public static Command Create() => new("tax", "What taxes come to.") { Quote() };

    static Command Quote()
    {
        var country = new Option<string>("--country") { Description = "As CA.", Required = true };
        var province = new Option<string?>("--province") { Description = "As QC." };
        var date = new Option<string>("--date") { Description = "The tax date, as 2026-02-10.", Required = true };
        var net = new Option<string?>("--base") { Description = "The amount before tax, as 100.00." };
        var gross = new Option<string?>("--inclusive") { Description = "In its place, an amount that holds the tax." };
        var currency = new Option<string>("--currency") { Description = "As CAD.", Required = true };
        var exempt = new Option<string?>("--exempt") { Description = "Codes of taxes not to charge, as PST,RST." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        var command = new Command("quote", "The taxes of one amount.")
        {
            country, province, date, net, gross, currency, exempt, json,
        };
        command.SetAction(parsed =>
        {
            var asked = new TaxQuestionBody(
                parsed.GetValue(country), parsed.GetValue(province), parsed.GetValue(date), parsed.GetValue(net),
                parsed.GetValue(gross), parsed.GetValue(currency),
                parsed.GetValue(exempt)?.Split(',', StringSplitOptions.TrimEntries));
            var quote = asked.Quote(SalesTaxTable.Shipped);
            return quote.Refused is { } refused
                ? Say.Refused(refused)
                : Show(TaxQuoteBody.Of(quote.Value), $"{quote.Value.Base.Currency}", parsed.GetValue(json));
        });
        return command;
    }

    static int Show(TaxQuoteBody quote, string currency, bool json)
    {
        if (json) return Say.AsJson(quote);
        foreach (var line in quote.Lines)
            Console.Out.WriteLine($"{line.Code} {line.Rate}: {line.Tax}{(line.Exempt ? " (exempt)" : "")}");
        Console.Out.WriteLine($"{quote.Base} + {quote.Tax} = {quote.Total} {currency}");
        return ExitStatus.Done;
    }
}
