using Xunit;

namespace Tollkeeper.Tests.Golden;

public sealed class CopiesTests
{
    [Theory]
    [InlineData("examples", "tests/Tests/Golden", "worked-examples.json")]
    [InlineData("examples", "tests/Tests/Golden", "ca-tax-rates.csv")]
    [InlineData("examples", "tests/Tests/Golden", "us-fusf-factors.csv")]
    [InlineData("data", "samples", "deck-usd.csv")]
    [InlineData("contracts", "tests/Tests/Stripe", "stripe-openapi-subset.json")]
    [InlineData("contracts", "tests/Tests/Stripe", "stripe-LICENSE.txt")]
    public void A_copy_equals_its_original_where_that_stands_beside_the_repository(string origin, string copy,
        string name)
    {
        var original = Path.Combine(Repository.Root, "..", "shared", origin, name);
        if (!File.Exists(original)) return;
        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(Path.Combine(Repository.Root, copy, name)));
    }
}
