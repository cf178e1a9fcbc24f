using System.Globalization;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What Stripe is asked, in the form that it reads: nested names in brackets.</summary>
sealed class StripeForm
{
    /// <summary>The name of our own id among an object's metadata at Stripe.</summary>
    public const string OurId = "tollkeeper";

    readonly List<KeyValuePair<string, string>> fields = [];

    public IReadOnlyList<KeyValuePair<string, string>> Fields => fields;

    /// <summary>Left out where there is none.</summary>
    public StripeForm Add(string name, string? value)
    {
        if (value is not null) fields.Add(new(name, value));
        return this;
    }

    public StripeForm Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Objects to be answered whole instead of by their name.</summary>
    public StripeForm Expand(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths) Add("expand[]", path);
        return this;
    }

    /// <summary>For a page on which a customer pays, or leaves a card.</summary>
    public static StripeForm Page(PageOrder order)
    {
        var form = new StripeForm()
            .Add("mode", order.Purpose switch { PagePurpose.Pay => "payment", PagePurpose.StoreCard => "setup" })
            .Add("payment_method_types[0]", order is { PayPal: true, Purpose: PagePurpose.Pay } ? "paypal" : "card")
            .Add("success_url", order.DoneUrl.AbsoluteUri)
            .Add("cancel_url", order.CancelUrl.AbsoluteUri)
            .Add("locale", order.Language == "fr" ? "fr-CA" : order.Language)
            .Add("billing_address_collection", "required")
            .Add("client_reference_id", order.Id)
            .Add($"metadata[{OurId}]", order.Id);
        if (order.Customer is not null) form.Add("customer", order.Customer);
        else form.Add("customer_email", order.Email);
        return order.Purpose switch
        {
            PagePurpose.Pay => form
                .Add("line_items[0][quantity]", 1)
                .Add("line_items[0][price_data][currency]", CodeOf(order.Amount))
                .Add("line_items[0][price_data][unit_amount]", StripeAmount.ToUnits(order.Amount))
                .Add("line_items[0][price_data][product_data][name]", order.Title)
                // The money is taken by us, once the provider's rules have seen the card.
                .Add("payment_intent_data[capture_method]", "manual")
                .Add("payment_intent_data[description]", order.Title)
                .Add($"payment_intent_data[metadata][{OurId}]", order.Id),
            PagePurpose.StoreCard => form
                // A card that belongs to nobody cannot be charged later.
                .Add("customer_creation", order.Customer is null ? "always" : null)
                .Add($"setup_intent_data[metadata][{OurId}]", order.Id),
        };
    }

    /// <summary>For a charge without the customer, which moves nothing until it is confirmed.</summary>
    public static StripeForm Charge(ChargeOrder order) => new StripeForm()
        .Add("amount", StripeAmount.ToUnits(order.Amount))
        .Add("currency", CodeOf(order.Amount))
        .Add("customer", order.Instrument.Customer)
        .Add("payment_method", order.Instrument.Token)
        .Add("payment_method_types[0]", "card")
        .Add("capture_method", "automatic")
        .Add("description", order.Title)
        .Add($"metadata[{OurId}]", order.Id);

    public static StripeForm Refund(RefundOrder order) => new StripeForm()
        .Add("payment_intent", order.MoneyReference)
        .Add("amount", StripeAmount.ToUnits(order.Amount))
        .Add("reason", "requested_by_customer")
        .Add("metadata[reason]", Shortened(order.Reason))
        .Add($"metadata[{OurId}]", order.Id);

    static string CodeOf(Money amount) => amount.Currency.Code.ToLowerInvariant();

    /// <summary>A value of metadata has at most 500 characters.</summary>
    static string Shortened(string text) => text.Length <= 500 ? text : text[..499] + "…";
}
