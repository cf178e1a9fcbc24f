using System.Text.Json;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>What follows of PayPal's words for a payment that it did not make (PAY-04).</summary>
static class PayPalDeclines
{
    /// <summary>The class of an issue with which PayPal refuses to capture; null where it is none of the payer's.
    /// </summary>
    public static DeclineClass? Of(string issue) => issue switch
    {
        "INSTRUMENT_DECLINED" or "TRANSACTION_REFUSED" or "TRANSACTION_LIMIT_EXCEEDED"
            or "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED" => DeclineClass.RetryLater,
        "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING" or "REFERENCED_CARD_EXPIRED" or "PAYER_ACCOUNT_RESTRICTED"
            or "CARD_BRAND_NOT_SUPPORTED" or "DOMESTIC_TRANSACTION_REQUIRED" => DeclineClass.FixFirst,
        "PAYER_ACTION_REQUIRED" or "CONSENT_NEEDED" => DeclineClass.NeedsCustomer,
        "AGREEMENT_ALREADY_CANCELLED" or "BILLING_AGREEMENT_NOT_FOUND" or "TOKEN_ID_NOT_FOUND"
            or "PAYER_ACCOUNT_LOCKED_OR_CLOSED" or "PAYER_CANNOT_PAY" or "COMPLIANCE_VIOLATION"
            or "TRANSACTION_BLOCKED_BY_PAYEE" or "PAYEE_BLOCKED_TRANSACTION" => DeclineClass.Never,
        _ => null,
    };

    /// <summary>Why a capture failed: of a card that PayPal passed on, the bank's code; else PayPal's reason.</summary>
    public static (DeclineClass Why, string Code) OfCapture(JsonElement capture)
    {
        var response = capture.Part("processor_response")?.Text("response_code");
        var why = capture.Part("processor_response")?.Text("payment_advice_code") switch
        {
            "03" or "21" => DeclineClass.Never,
            "01" => DeclineClass.FixFirst,
            "02" => DeclineClass.RetryLater,
            _ => OfResponse(response),
        };
        return (why, response ?? capture.Part("status_details")?.Text("reason") ?? capture.Need("status"));
    }

    static DeclineClass OfResponse(string? code) => code switch
    {
        // An account that is unknown or closed, suspected fraud, a lost or stolen card.
        "1330" or "5140" or "9500" or "9520" => DeclineClass.Never,
        // A wrong security code or date, a card that expired or is not in use yet.
        "00N7" or "5110" or "PCVV" or "1380" or "5400" or "5930" => DeclineClass.FixFirst,
        // The bank wants its customer to confirm.
        "5650" => DeclineClass.NeedsCustomer,
        _ => DeclineClass.RetryLater,
    };
}
