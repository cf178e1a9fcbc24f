using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>PayPal's descriptions are here as they were given to us.</summary>
public sealed class PayPalDescriptionsTests
{
    [Theory]
    [InlineData("paypal-checkout_orders_v2.json")]
    [InlineData("paypal-payments_payment_v2.json")]
    [InlineData("paypal-vault_payment_tokens_v3.json")]
    [InlineData("paypal-LICENSE.txt")]
    public void A_description_is_as_it_was_given_to_us(string name)
    {
        var ours = File.ReadAllText(Path.Combine(Repository.Root, "tests/Tests/PayPal", name));
        Assert.NotEmpty(ours);
        var given = Path.Combine(Repository.Root, "../shared/contracts", name);
        if (File.Exists(given)) Assert.Equal(File.ReadAllText(given), ours);
    }
}
