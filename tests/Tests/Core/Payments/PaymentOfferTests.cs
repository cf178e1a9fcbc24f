using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Xunit;

namespace Tollkeeper.Tests.Core.Payments;

public sealed class PaymentOfferTests
{
    /// <summary>Each cell of "who may pay how": billing country, the card's, whether its address matches.</summary>
    [Theory]
    [InlineData("US", "US", true, null, null)]
    [InlineData("US", "US", false, Refusal.CardAddressDiffers, Refusal.CardAddressDiffers)]
    [InlineData("US", "CA", false, Refusal.CardNotTaken, Refusal.CardNotTaken)]
    [InlineData("CA", "US", false, null, Refusal.AutomaticNotOffered)]
    [InlineData("CA", "CA", true, Refusal.CardNotTaken, Refusal.CardNotTaken)]
    [InlineData("MX", "CA", false, Refusal.CardNotTaken, Refusal.CardNotTaken)]
    public void R64_R76_R84_R86_R87_Who_may_pay_by_card_goes_by_the_two_countries(
        string billing, string card, bool matches, Refusal? oneTime, Refusal? automatic)
    {
        var rules = PolicyPresets.All["wholesale-usd"].Payments;
        Assert.Equal(oneTime, PaymentOffer.CardProblem(rules, billing, card, matches, automatic: false)?.Refusal);
        Assert.Equal(automatic, PaymentOffer.CardProblem(rules, billing, card, matches, automatic: true)?.Refusal);
    }

    [Theory]
    [InlineData(PaymentMethod.PayPal)]
    [InlineData(PaymentMethod.Ach)]
    [InlineData(PaymentMethod.Wire)]
    public void R85_Whoever_may_not_pay_by_card_may_pay_otherwise(PaymentMethod method) =>
        Assert.Null(PaymentOffer.Problem(PolicyPresets.All["wholesale-usd"].Payments, method));

    [Theory]
    [InlineData("wholesale-usd", "US", true)]
    [InlineData("wholesale-usd", "CA", false)]
    [InlineData("retail-usd", "CA", true)]
    [InlineData("retail-cad", "CA", true)]
    public void R76_R86_Automatic_billing_is_offered_where_a_card_could_be_charged(
        string preset, string billing, bool offered) =>
        Assert.Equal(offered, PaymentOffer.HasAutomatic(PolicyPresets.All[preset].Payments, billing));

    [Theory]
    [InlineData("retail-usd")]
    [InlineData("retail-cad")]
    public void C14_The_other_providers_take_cards_from_anywhere(string preset)
    {
        var rules = PolicyPresets.All[preset].Payments;
        foreach (var automatic in new[] { false, true })
            Assert.Null(PaymentOffer.CardProblem(rules, "CA", "FR", matches: false, automatic));
    }

    [Theory]
    [InlineData("retail-usd", 14_990_000, Refusal.DepositTooSmall)]
    [InlineData("retail-usd", 15_000_000, null)]
    [InlineData("retail-usd", 999_000_000_000, null)]
    [InlineData("retail-cad", 24_990_000, Refusal.DepositTooSmall)]
    [InlineData("retail-cad", 25_000_000, null)]
    [InlineData("retail-cad", 1_000_000_000, null)]
    [InlineData("retail-cad", 1_000_010_000, Refusal.DepositTooLarge)]
    [InlineData("wholesale-usd", 1_000_000, null)]
    [InlineData("retail-usd", 15_001_000, Refusal.BadAmount)]
    public void R9_R98_C1_C2_A_deposit_has_a_least_and_a_largest_size(string preset, long micros, Refusal? refusal) =>
        Assert.Equal(refusal, PaymentOffer.Problem(
            PolicyPresets.All[preset].Payments, new Money(micros, Currency.Usd), 0)?.Refusal);

    [Fact]
    public void C2_A_deposit_may_not_raise_the_balance_above_what_is_allowed()
    {
        var rules = PolicyPresets.All["retail-usd"].Payments with { MostBalanceMicros = 100_000_000 };
        var amount = new Money(40_000_000, Currency.Usd);
        Assert.Null(PaymentOffer.Problem(rules, amount, 60_000_000));
        Assert.Equal(
            new Refused(Refusal.BalanceTooLarge, "100.000000 USD"), PaymentOffer.Problem(rules, amount, 60_000_001));
    }

    [Fact]
    public void C15_What_is_offered_differs_by_provider()
    {
        Assert.Equal("Card PayPal Wire?", Offered("retail-usd"));
        Assert.Equal("Card PayPal Wire Ach Check Cash", Offered("wholesale-usd"));
        Assert.Equal("PayPal Card", Offered("retail-cad"));

        static string Offered(string preset) => string.Join(' ', PolicyPresets.All[preset].Payments.Methods.Select(
            rule => $"{rule.Method}{(rule.InstructionsShown ? "" : "?")}"));
    }
}
