using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Core.Charging;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Rating;

/// <summary>
/// The worked examples of rating, each given to the rule that the shape of its inputs asks for. Prices are read from
/// the receipts of calls.
/// </summary>
public sealed class RatingExamplesTests
{
    [Fact]
    public void Every_worked_example_of_rating_comes_out_as_written()
    {
        var examples = WorkedExamples.All.Where(example => example.Area == "rating").ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples) CheckOf(example)(example);
    }

    static Action<WorkedExample> CheckOf(WorkedExample example) => example switch
    {
        _ when example.HasInputs("deck", "calls") => RATE_04_the_longest_prefix_in_force_wins,
        _ when example.HasInputs("npanxx", "rates_per_min", "calls") => RATE_05_states_choose_the_column,
        _ when example.HasInputs("cnam_fee", "cases") => RATE_07_inbound_plans_and_queries,
        _ when example.HasInputs("short_if_duration_le_s") => RATE_08_too_many_short_calls_cost,
        _ when example.HasInputs("connect_fee", "lrn_dip_fee") => RATE_06_parts_of_a_price_in_order,
        _ when example.HasInputs("rate_per_min", "rounding_mode") => RATE_03_each_price_is_rounded_once,
        _ when example.HasInputs("duration_s", "initial_s", "increment_s") => RATE_01_periods_begun_are_billed,
        _ => throw new InvalidOperationException($"No rule knows the shape of {example}."),
    };

    static void RATE_01_periods_begun_are_billed(WorkedExample example)
    {
        foreach (var (given, expected) in example.Pairs("cases"))
        {
            var billed = Increments.Billed(given.Int("duration_s"), given.Int("initial_s"), given.Int("increment_s"));
            Assert.Equal(expected.Int("billed_s"), billed);
        }
    }

    static void RATE_03_each_price_is_rounded_once(WorkedExample example)
    {
        foreach (var (given, expected) in example.Pairs("cases"))
        {
            var rounding = new Rounding(given.Int("rounding_decimals"), given.Text("rounding_mode") switch
            {
                "half_up" => RoundingMode.HalfUp,
                "half_even" => RoundingMode.HalfEven,
                "up" => RoundingMode.Up,
                "down" => RoundingMode.Down,
                var other => throw new InvalidOperationException(other),
            });
            var terms = Terms(given, given.Text("rate_per_min")) with { Rounding = rounding };
            var price = Receipts.PriceOn(terms, given.Int("duration_s"));
            Assert.Equal(expected.Int("billed_s"), price.BilledSeconds);
            Assert.Equal(expected.Int("charge_micros"), price.ChargeMicros);
        }
    }

    static void RATE_04_the_longest_prefix_in_force_wins(WorkedExample example)
    {
        var inputs = example.Inputs.Object();
        var rates = inputs["deck"]!.AsArray().Select(row => new Rate
        {
            Prefix = row!["prefix"]!.GetValue<string>(),
            Destination = "",
            PerMinute = RateOf(row["rate_per_min"]!.GetValue<string>()),
            FirstSeconds = inputs.Int("initial_s"),
            NextSeconds = inputs.Int("increment_s"),
            From = InstantOf(row["effective_from"]),
            To = InstantOf(row["effective_to"]),
        });
        var deck = RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, rates);
        foreach (var (given, expected) in example.Pairs("calls"))
        {
            var found = deck.Find(given.Text("to"), InstantOf(given["call_start"])!.Value);
            if (expected["matched_prefix"] is null)
            {
                Assert.Equal("REJECT_NO_RATE", expected.Text("result"));
                Assert.Equal(Refusal.NoRate, found.Refused!.Refusal);
                continue;
            }
            var terms = found.Value.TermsFor(CallJurisdiction.None, dipMicros: 0);
            Assert.Equal(expected.Text("matched_prefix"), terms.Prefix);
            Assert.Equal(RateOf(expected.Text("rate_per_min")), terms.PerMinute);
            var price = Receipts.PriceOn(terms, inputs.Int("duration_s"));
            Assert.Equal(expected.Int("charge_micros"), price.ChargeMicros);
        }
    }

    static void RATE_05_states_choose_the_column(WorkedExample example)
    {
        var inputs = example.Inputs.Object();
        var table = NumberingTable.Build(inputs["npanxx"]!.AsArray().Select(row =>
        {
            var state = row!["state"]!.GetValue<string>();
            return new NumberingEntry(row["prefix"]!.GetValue<string>(), state, state == "ON" ? "CA" : "US");
        }));
        var rates = inputs["rates_per_min"]!.AsObject();
        var deck = RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros,
        [
            new Rate
            {
                Prefix = "1",
                Destination = "North America",
                PerMinute = RateOf(rates.Text("INTERSTATE")),
                FirstSeconds = inputs.Int("initial_s"),
                NextSeconds = inputs.Int("increment_s"),
                Interstate = RateOf(rates.Text("INTERSTATE")),
                Intrastate = RateOf(rates.Text("INTRASTATE")),
                Indeterminate = RateOf(rates.Text("INDETERMINATE")),
            },
        ]);
        foreach (var (given, expected) in example.Pairs("calls"))
        {
            var (caller, dialled, lrn) =
                (given["ani"]?.GetValue<string>(), given.Text("dialed"), given["lrn"]?.GetValue<string>());
            var jurisdiction = CallJurisdiction.Of(caller, dialled, lrn, table);
            Assert.Equal(expected.Text("jurisdiction"), jurisdiction.Column.ToString().ToUpperInvariant());
            Assert.Equal(expected["from_state"]?.GetValue<string>(), table.PlaceOf(caller)?.State);
            Assert.Equal(expected["to_state"]?.GetValue<string>(), table.PlaceOf(lrn ?? dialled)?.State);
            var terms = deck.Find(dialled, default).Value.TermsFor(jurisdiction, dipMicros: 0);
            var price = Receipts.PriceOn(terms, inputs.Int("duration_s"));
            Assert.Equal(expected.Int("billed_s"), price.BilledSeconds);
            Assert.Equal(expected.Int("charge_micros"), price.ChargeMicros);
        }
    }

    static void RATE_06_parts_of_a_price_in_order(WorkedExample example)
    {
        var inputs = example.Inputs.Object();
        Assert.True(inputs["lrn_dip_on_attempt"]!.GetValue<bool>());
        var terms = Terms(inputs, inputs.Text("rate_per_min")) with
        {
            ConnectFeeMicros = inputs["connect_fee"]!.Micros(),
            MinimumMicros = inputs["minimum_charge"]!.Micros(),
            DipMicros = inputs["lrn_dip_fee"]!.Micros(),
        };
        foreach (var (given, expected) in example.Pairs("cases"))
        {
            var price = Receipts.PriceOn(terms, given["answered"]!.GetValue<bool>() ? given.Int("duration_s") : 0);
            Assert.Equal(expected.Int("billed_s"), price.BilledSeconds);
            Assert.Equal(expected.Int("usage_micros"), price.UsageMicros);
            Assert.Equal(expected.Int("connect_fee_micros"), price.ConnectFeeMicros);
            Assert.Equal(expected.Int("lrn_dip_micros"), price.DipMicros);
            Assert.Equal(expected.Int("total_micros"), price.ChargeMicros);
        }
    }

    static void RATE_07_inbound_plans_and_queries(WorkedExample example)
    {
        var inputs = example.Inputs.Object();
        foreach (var (given, expected) in example.Pairs("cases"))
        {
            var kind = given.Text("plan") switch
            {
                "PER_MINUTE" => InboundPlanKind.PerMinute,
                "FLAT_RATE" => InboundPlanKind.FlatRate,
                "TOLL_FREE" => InboundPlanKind.TollFree,
                var other => throw new InvalidOperationException(other),
            };
            var plan = new InboundPlan(
                kind, RateOf(given.Text("rate_per_min")), inputs.Int("initial_s"), inputs.Int("increment_s"),
                given["payphone_fee"]?.Micros() ?? 0);
            var terms = plan.TermsFor("14165550100", "", given["payphone"]!.GetValue<bool>(), Rounding.Micros);
            var price = Receipts.PriceOn(terms, given["answered"]!.GetValue<bool>() ? given.Int("duration_s") : 0);
            var cnam = CnamQuery.Micros(given["cnam"]!.GetValue<bool>(), cached: false, inputs["cnam_fee"]!.Micros());
            Assert.Equal(expected.Int("billed_s"), price.BilledSeconds);
            Assert.Equal(expected.Int("usage_micros"), price.UsageMicros);
            Assert.Equal(expected.Int("payphone_micros"), price.SurchargeMicros);
            Assert.Equal(expected.Int("cnam_micros"), cnam);
            Assert.Equal(expected.Int("total_micros"), price.ChargeMicros + cnam);
        }
    }

    static void RATE_08_too_many_short_calls_cost(WorkedExample example)
    {
        var inputs = example.Inputs.Object();
        foreach (var (given, expected) in example.Pairs("cases"))
        {
            var mode = given.Text("mode") switch
            {
                "EXCESS" => ShortDurationMode.Excess,
                "ALL_WHEN_EXCEEDED" => ShortDurationMode.AllWhenExceeded,
                var other => throw new InvalidOperationException(other),
            };
            var rule = new ShortDurationSurcharge(
                mode, inputs.Int("short_if_duration_le_s"), (int)inputs["allowed_share"]!.Micros(),
                inputs["fee_per_call"]!.Micros());
            var outcome = rule.Of(given.Int("connected"), given.Int("short"));
            Assert.Equal(expected["share"]!.Micros(), outcome.SharePartsPerMillion);
            Assert.Equal(expected["exceeded"]!.GetValue<bool>(), outcome.Exceeded);
            Assert.Equal(expected.Int("surcharged_calls"), outcome.SurchargedCalls);
            Assert.Equal(expected.Int("surcharge_micros"), outcome.SurchargeMicros);
        }
    }

    static RateTerms Terms(JsonObject holder, string perMinute) => new()
    {
        DeckNo = 1,
        DeckVersion = 1,
        Prefix = "1",
        Destination = "",
        PerMinute = RateOf(perMinute),
        FirstSeconds = holder.Int("initial_s"),
        NextSeconds = holder.Int("increment_s"),
        ConnectFeeMicros = 0,
        MinimumMicros = 0,
        DipMicros = 0,
        SurchargeMicros = 0,
        Rounding = Rounding.Micros,
        Jurisdiction = Jurisdiction.None,
    };

    static PerMinute RateOf(string text)
    {
        Assert.True(PerMinute.TryParse(text, out var rate));
        return rate;
    }

    static Instant? InstantOf(JsonNode? node) =>
        node is null ? null : OffsetDateTimePattern.Rfc3339.Parse(node.GetValue<string>()).Value.ToInstant();
}
