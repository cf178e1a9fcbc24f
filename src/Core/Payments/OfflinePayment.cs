using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Payments;

/// <summary>
/// Money that came past every gateway, as staff saw it on a statement of the bank or in the hand (R10, R80, PAY-07).
/// </summary>
/// <param name="AmountMicros">All that came, tax included.</param>
/// <param name="Reference">By which the bank knows it; of a check its number, of cash that of the receipt.</param>
/// <param name="Received">The local day, ISO 8601.</param>
/// <param name="Deposit">The document that it pays; null: a free sum, which gets one of its own.</param>
/// <param name="Wallet">Where a free sum goes; null: the main or the outbound one.</param>
public sealed record OfflinePayment(
    PaymentMethod Method, long AmountMicros, string Reference, string Received, string? Deposit, string? Wallet)
{
    public const int LongestReference = 100;

    /// <summary>Longer ago, the books of the year it belongs to are closed.</summary>
    public const int OldestDays = 366;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static OfflinePayment Read(string json) => JsonSerializer.Deserialize<OfflinePayment>(json)!;

    public LocalDate ReceivedOn => LocalDatePattern.Iso.Parse(Received).Value;

    /// <summary>
    /// What is wrong, each with its field: those of <see cref="TypedAmount"/>, <see cref="Refusal.MethodNotOffered"/>,
    /// <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.BadText"/>, <see cref="Refusal.BadDate"/>.
    /// </summary>
    public IEnumerable<Refused> Problems(LocalDate today)
    {
        if (!OfflineMethod.All.Contains(Method)) yield return new Refused(Refusal.MethodNotOffered, nameof(Method));
        if (TypedAmount.Problem(AmountMicros, Money.MicrosPerCent) is { } amount)
            yield return amount with { Detail = "Amount" };
        if (Address.Needed(Reference, LongestReference) is { } reference)
            yield return new Refused(reference, nameof(Reference));
        if (!OfflineMethod.IsDay(Received, today)) yield return new Refused(Refusal.BadDate, nameof(Received));
    }
}

/// <summary>A payment that came past every gateway and went back: an ACH that was returned, a check that bounced.
/// </summary>
/// <param name="Payment">Its id.</param>
/// <param name="Returned">The local day, ISO 8601.</param>
/// <param name="Reason">As the bank gave it.</param>
public sealed record PaymentReturn(string Payment, string Returned, string Reason)
{
    public const int LongestReason = 200;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static PaymentReturn Read(string json) => JsonSerializer.Deserialize<PaymentReturn>(json)!;

    public LocalDate ReturnedOn => LocalDatePattern.Iso.Parse(Returned).Value;

    /// <summary>Refusals with their fields: <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.BadText"/>,
    /// <see cref="Refusal.BadDate"/>.</summary>
    public IEnumerable<Refused> Problems(LocalDate today)
    {
        if (!OfflineMethod.IsDay(Returned, today)) yield return new Refused(Refusal.BadDate, nameof(Returned));
        if (Address.Needed(Reason, LongestReason) is { } reason) yield return new Refused(reason, nameof(Reason));
    }
}

/// <summary>The ways to pay that no gateway stands behind; each is named like a gateway where gateways are.</summary>
public static class OfflineMethod
{
    public static IReadOnlyList<PaymentMethod> All { get; } =
        [PaymentMethod.Wire, PaymentMethod.Ach, PaymentMethod.Check, PaymentMethod.Cash];

    public static string GatewayOf(PaymentMethod method) => method switch
    {
        PaymentMethod.Wire => "wire",
        PaymentMethod.Ach => "ach",
        PaymentMethod.Check => "check",
        PaymentMethod.Cash => "cash",
        PaymentMethod.Card or PaymentMethod.PayPal =>
            throw new InvalidOperationException($"{method} has a gateway."),
    };

    public static bool IsOffline(string gateway) => All.Any(method => GatewayOf(method) == gateway);

    /// <summary>
    /// The ledger account that money is in from when it settled until the bank has it: clearing at a gateway, in
    /// transit without one.
    /// </summary>
    public static string HouseOf(string gateway) =>
        $"{(IsOffline(gateway) ? LedgerCode.InTransit : LedgerCode.GatewayClearing)}-{gateway}";

    /// <summary>Whether something may have been seen on a day: not to come, and not too long ago.</summary>
    internal static bool IsDay(string text, LocalDate today) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day }
        && day <= today && day >= today.PlusDays(-OfflinePayment.OldestDays);
}
