using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Engine.Charging.Model;

/// <summary>
/// Any interleaving of what can be asked keeps the books as a much simpler model has them (R48, R49, R58, R60).
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    const int Short = 1_500;
    const int Long = 50_000;

    [BothDatabases]
    public Task One_wallet_and_limits_for_the_account_are_as_the_model_has_them(DatabaseKind kind) =>
        Run(kind, "retail-usd", Short);

    [BothDatabases]
    public Task Two_wallets_a_tax_inside_the_call_and_limits_per_switch_are_as_the_model_has_them(DatabaseKind kind) =>
        Run(kind, "wholesale-usd", Short);

    [BothDatabases]
    [Trait("Category", "long")]
    public Task Fifty_thousand_steps_on_one_wallet_are_as_the_model_has_them(DatabaseKind kind) =>
        Run(kind, "retail-usd", Long);

    [BothDatabases]
    [Trait("Category", "long")]
    public Task Fifty_thousand_steps_on_two_wallets_are_as_the_model_has_them(DatabaseKind kind) =>
        Run(kind, "wholesale-usd", Long);

    async Task Run(DatabaseKind kind, string preset, int steps)
    {
        var named = Environment.GetEnvironmentVariable("TOLLKEEPER_TEST_SEED");
        var seed = named is null ? Random.Shared.Next() : int.Parse(named, null);
        output.WriteLine($"seed {seed}: TOLLKEEPER_TEST_SEED={seed} runs the same steps again");
        await using var test = await TestDatabase.New(kind);
        var run = new ModelRun(test, preset, seed);
        await run.Run(steps);
        output.WriteLine($"{kind}, {preset}: {run.Steps} steps in {run.Waves} waves, {run.Dropped} of them dropped as "
            + "busy, every other answer the model's: "
            + string.Join(", ", run.Kinds.Select(each => $"{each.Key} {each.Value}")));
    }
}
