using System.CommandLine;
using NodaTime;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Commands;

/// <summary><c>tollkeeper deck price</c>: what one call would cost, by a deck's file alone.</summary>
public static class DeckPriceCommand
{
    /// <summary>The answer; the rate per minute with 8 decimals, the charge with 6, in the deck's currency.</summary>
    sealed record Answer(string Prefix, string Destination, string Rate, int BilledSeconds, string Charge);

    public static Command Create()
    {
        var deck = new DeckOptions();
        var to = new Option<string>("--to") { Description = "Number as dialled.", Required = true };
        var seconds = new Option<int>("--seconds")
        {
            Description = "Length of the call; 0 is not answered.",
            Required = true,
        };
        var at = new Option<string?>("--at") { Description = "Start of the call, RFC 3339 (default: now)." };
        var json = new Option<bool>("--json") { Description = "Answer as JSON." };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError("--seconds is not negative.");
        });
        at.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } text || InstantText.Read(text) is not null) return;
            result.AddError($"--at {text} is no RFC 3339 instant.");
        });
        var command = new Command("price", "What one call would cost.") { to, seconds, at, json };
        deck.AddTo(command);
        command.SetAction(async (parsed, _) => await PriceAsync(
            await deck.ReadAsync(parsed), parsed.GetRequiredValue(to), parsed.GetValue(seconds), parsed.GetValue(at),
            parsed.GetValue(json)));
        return command;
    }

    static Task<int> PriceAsync(RateDeck? deck, string to, int seconds, string? at, bool json)
    {
        if (deck is null) return Task.FromResult(ExitStatus.Refused);
        var start = at is null ? null : InstantText.Read(at);
        return Task.FromResult(Price(deck, to, seconds, start ?? Services.Clock.GetCurrentInstant(), json));
    }

    static int Price(RateDeck deck, string to, int seconds, Instant start, bool json)
    {
        var dialled = DialledNumber.Read(to, PolicyPresets.All["retail-usd"].Dialling);
        if (!dialled.Accepted) return Say.Refused(new Refused(dialled.Refused!.Refusal, to));
        if (!dialled.Value.Billable) return Show(new Answer("", "not billed", "0.00000000", 0, "0.000000"), json);
        var found = deck.Find(dialled.Value.Digits, start);
        if (!found.Accepted) return Say.Refused(new Refused(found.Refused!.Refusal, dialled.Value.E164));
        var jurisdiction = deck.HasJurisdictions
            ? CallJurisdiction.Of("", dialled.Value.Digits, "", NumberingTable.Empty)
            : CallJurisdiction.None;
        var terms = found.Value.TermsFor(jurisdiction, dipMicros: 0);
        var price = CallPrice.Of(terms, seconds);
        return Show(
            new Answer(
                terms.Prefix, terms.Destination, terms.PerMinute.Text, price.BilledSeconds,
                FixedPoint.Write(price.ChargeMicros, 6)),
            json);
    }

    static int Show(Answer answer, bool json)
    {
        if (json) return Say.AsJson(answer);
        Console.Out.WriteLine(
            $"{answer.Charge} for {answer.BilledSeconds} s at {answer.Rate} a minute: "
            + $"{answer.Prefix} {answer.Destination}");
        return ExitStatus.Done;
    }
}
