using System.Security.Cryptography;
using System.Text;

namespace Tollkeeper.Host.Sandbox;

/// <summary>What becomes of a payment with a card of the sandbox.</summary>
enum SandboxFate
{
    Good,
    Declined,

    /// <summary>The bank asks the customer to confirm.</summary>
    Confirm,

    /// <summary>The money takes days, and arrives.</summary>
    SlowGood,

    /// <summary>The money takes days, and does not arrive.</summary>
    SlowBad,

    /// <summary>The payer's bank asks it back later, in vain.</summary>
    DisputeWon,

    /// <summary>And gets it.</summary>
    DisputeLost,
}

/// <param name="Text">The key of what the page calls it.</param>
/// <param name="Code">Why it is declined, at the page or later.</param>
/// <param name="AtPage">When the customer is there.</param>
/// <param name="Later">When it is charged without the customer.</param>
/// <param name="LaterDeclines">How many charges it declines before it is good; null: each.</param>
sealed record SandboxCard(
    string Key, string Text, string Brand, string LastDigits, SandboxFate AtPage, SandboxFate Later,
    string? Code = null, int? LaterDeclines = null)
{
    public const string ProofFailed = "payment_intent_authentication_failure";

    public static IReadOnlyList<SandboxCard> All { get; } =
    [
        Alike("good", "sandbox.card-good", "visa", "4242", SandboxFate.Good),
        Alike("mastercard", "sandbox.card-mastercard", "mastercard", "4444", SandboxFate.Good),
        new("confirm", "sandbox.card-confirm", "visa", "3184", SandboxFate.Confirm, SandboxFate.Declined,
            "authentication_required"),
        Alike("declined", "sandbox.card-declined", "visa", "0002", SandboxFate.Declined, "do_not_honor"),
        Alike("no-money", "sandbox.card-no-money", "visa", "9995", SandboxFate.Declined, "insufficient_funds"),
        Alike("expired", "sandbox.card-expired", "visa", "0069", SandboxFate.Declined, "expired_card"),
        Alike("wrong-code", "sandbox.card-wrong-code", "visa", "0127", SandboxFate.Declined, "incorrect_cvc"),
        Alike("lost", "sandbox.card-lost", "visa", "9987", SandboxFate.Declined, "lost_card"),
        GoodAtFirst("later-no-money", "sandbox.card-later-no-money", "0341", "insufficient_funds"),
        GoodAtFirst("later-expired", "sandbox.card-later-expired", "0342", "expired_card"),
        GoodAtFirst("later-lost", "sandbox.card-later-lost", "0343", "lost_card"),
        GoodAtFirst("later-good", "sandbox.card-later-good", "0344", "insufficient_funds", 2),
        Alike("slow-good", "sandbox.card-slow-good", "visa", "5126", SandboxFate.SlowGood),
        Alike("slow-bad", "sandbox.card-slow-bad", "visa", "5134", SandboxFate.SlowBad, "bank_account_declined"),
        Alike("dispute-won", "sandbox.card-dispute-won", "visa", "2685", SandboxFate.DisputeWon),
        Alike("dispute-lost", "sandbox.card-dispute-lost", "visa", "0259", SandboxFate.DisputeLost),
    ];

    /// <summary>How somebody pays by PayPal.</summary>
    public static IReadOnlyList<SandboxCard> PayPal { get; } =
    [
        Alike("paypal", "sandbox.paypal-good", "paypal", "", SandboxFate.Good),
        Alike("paypal-echeck", "sandbox.paypal-echeck", "paypal", "", SandboxFate.SlowGood),
        Alike("paypal-echeck-bad", "sandbox.paypal-echeck-bad", "paypal", "", SandboxFate.SlowBad, "echeck_unpaid"),
        Alike("paypal-declined", "sandbox.paypal-declined", "paypal", "", SandboxFate.Declined, "generic_decline"),
    ];

    /// <summary>Null where there is none.</summary>
    public static SandboxCard? Of(string? key) => All.Concat(PayPal).FirstOrDefault(card => card.Key == key);

    /// <summary>The same for one card of one person.</summary>
    public string FingerprintOf(string? owner) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Key} {owner?.ToLowerInvariant()}")))[..16];

    static SandboxCard Alike(
        string key, string text, string brand, string digits, SandboxFate fate, string? code = null) =>
        new(key, text, brand, digits, fate, fate, code);

    static SandboxCard GoodAtFirst(string key, string text, string digits, string code, int? declines = null) =>
        new(key, text, "visa", digits, SandboxFate.Good, SandboxFate.Declined, code, declines);
}
