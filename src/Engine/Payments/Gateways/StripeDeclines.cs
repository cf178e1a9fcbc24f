using System.Text.Json;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What follows of a refusal that Stripe tells (PAY-04), by its own word for it.</summary>
static class StripeDeclines
{
    static readonly string[] Never =
    [
        "lost_card", "stolen_card", "pickup_card", "restricted_card", "invalid_account", "closed_account",
        "account_closed", "fraudulent", "merchant_blacklist", "security_violation", "stop_payment_order",
        "revocation_of_authorization", "revocation_of_all_authorizations", "card_not_supported",
        "currency_not_supported",
    ];

    static readonly string[] FixFirst =
    [
        "expired_card", "incorrect_cvc", "invalid_cvc", "incorrect_zip", "incorrect_address", "incorrect_number",
        "invalid_number", "invalid_expiry_month", "invalid_expiry_year", "incorrect_pin", "invalid_pin",
        "new_account_information_available", "testmode_decline", "live_mode_test_card",
        "payment_method_invalid_parameter",
    ];

    static readonly string[] NeedsCustomer =
    [
        "authentication_required", "authentication_not_handled", "payment_intent_authentication_failure",
        "setup_intent_authentication_failure", "mobile_device_authentication_required", "offline_pin_required",
        "online_or_offline_pin_required",
    ];

    /// <summary>What the networks say of a charge that must not come again; Mastercard's 03 and 21.</summary>
    static readonly string[] NeverAdvice = ["do_not_try_again", "03", "21"];

    /// <summary>Of an error: the bank's own word where there is one, else Stripe's.</summary>
    public static (DeclineClass Why, string Code) Of(JsonElement error)
    {
        var code = error.Text("decline_code") ?? error.Text("code") ?? error.Text("type") ?? "unknown";
        var forbidden = NeverAdvice.Contains(error.Text("advice_code"))
            || NeverAdvice.Contains(error.Text("network_advice_code"));
        return (forbidden ? DeclineClass.Never : Of(code), code);
    }

    public static DeclineClass Of(string code)
    {
        if (Never.Contains(code)) return DeclineClass.Never;
        if (FixFirst.Contains(code)) return DeclineClass.FixFirst;
        return NeedsCustomer.Contains(code) ? DeclineClass.NeedsCustomer : DeclineClass.RetryLater;
    }
}
