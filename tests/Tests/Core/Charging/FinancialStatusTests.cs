using System.Text.Json;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Providers;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Core.Charging;

public sealed class FinancialStatusTests
{
    [Fact]
    public void R48_R49_R67_PRE_04_An_account_is_on_or_off_as_in_the_worked_examples()
    {
        var cases = WorkedExamples.WithInputs("type").SelectMany(example => example.Cases())
            .Where(c => c.Expected.TryGetProperty("status", out _)).ToList();
        Assert.NotEmpty(cases);
        foreach (var (inputs, expected) in cases)
        {
            var (balance, floor) = BalanceAndFloor(inputs);
            var status = FinancialStatus.IsOff(balance, floor) ? "OFF" : "ON";
            Assert.Equal(expected.GetProperty("status").GetString(), status);
            if (expected.TryGetProperty("available_credit_micros", out var credit))
                Assert.Equal(credit.GetInt64(), balance - floor);
        }
    }

    [Theory]
    [InlineData(1, false, Directions.None)]
    [InlineData(1, true, Directions.None)]
    [InlineData(0, false, Directions.Outbound)]
    [InlineData(0, true, Directions.Both)]
    [InlineData(-1, false, Directions.Outbound)]
    public void R48_Outbound_calls_end_at_the_floor_and_inbound_ones_where_the_policy_says(
        long balance, bool inboundAtFloor, Directions blocked) =>
        Assert.Equal(blocked, FinancialStatus.Blocks(balance, 0, new SuspendRules(inboundAtFloor)));

    // R58: one mechanism. A postpaid balance is what is owed, below zero; its floor is the credit limit, below zero.
    static (long Balance, long Floor) BalanceAndFloor(JsonElement inputs) =>
        inputs.TryGetProperty("balance_micros", out var balance)
            ? (balance.GetInt64(), 0)
            : (-inputs.GetProperty("unpaid_invoices_micros").GetInt64()
                - inputs.GetProperty("unbilled_usage_micros").GetInt64(),
                -inputs.GetProperty("credit_limit_micros").GetInt64());
}
