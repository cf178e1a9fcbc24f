using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// One gateway as one provider has signed up for it. A call that got no clear answer is refused with
/// <see cref="Refusal.GatewayAway"/>: whether it was done is found out by <see cref="Look"/>, never by asking for money
/// again. What the gateway understood and did not do is refused with <see cref="Refusal.GatewayRefused"/>, its own word
/// as the detail. A card that is declined is no refusal: it is an event of the payment.
/// </summary>
public interface IGateway
{
    /// <summary>
    /// Asks for a page at the gateway on which the customer pays, or leaves a card to be charged later. No money moves
    /// before <see cref="Capture"/>.
    /// </summary>
    Task<Result<HostedPage>> Open(PageOrder order, CancellationToken ct);

    /// <summary>
    /// Prepares the charge of a stored card. No money moves. The same order again prepares the same charge.
    /// </summary>
    /// <returns>The charge's name at the gateway.</returns>
    Task<Result<string>> Prepare(ChargeOrder order, CancellationToken ct);

    /// <summary>Moves the money of a prepared charge; a charge moves it at most once, however often it is asked.
    /// </summary>
    Task<Result<GatewayView>> Charge(string reference, ChargeOrder order, CancellationToken ct);

    /// <summary>What the gateway knows of a payment.</summary>
    /// <param name="reference">Of <see cref="Open"/> or <see cref="Prepare"/>.</param>
    Task<Result<GatewayView>> Look(string reference, CancellationToken ct);

    /// <summary>Takes the money that the customer agreed to; once.</summary>
    Task<Result<GatewayView>> Capture(string reference, string paymentId, CancellationToken ct);

    /// <summary>Gives up what was not captured: the customer's bank frees it.</summary>
    Task<Result<GatewayView>> Cancel(string reference, string paymentId, CancellationToken ct);

    /// <summary>
    /// The card that the customer left on a page of <see cref="PagePurpose.StoreCard"/>; null while there is none yet.
    /// </summary>
    Task<Result<StoredInstrument?>> Stored(string reference, CancellationToken ct);

    /// <summary>Gives money back to whence it came; the same order again is the same refund.</summary>
    Task<Result<GatewayView>> Refund(RefundOrder order, CancellationToken ct);

    /// <summary>Deletes a stored card at the gateway; one that is gone already is as good.</summary>
    Task<Result<bool>> Forget(StoredInstrument instrument, CancellationToken ct);

    /// <summary>
    /// What the gateway posted to us of its own accord. Refusals: <see cref="Refusal.SignatureWrong"/>,
    /// <see cref="Refusal.GatewayAway"/> where its certificate cannot be had, <see cref="Refusal.MalformedJson"/>.
    /// </summary>
    Task<Result<GatewayNews>> Hear(GatewayPost post, CancellationToken ct);

    /// <summary>All that moved on the gateway's balance in a period, for the nightly comparison with the books.
    /// </summary>
    /// <param name="to">Exclusive.</param>
    Task<Result<IReadOnlyList<GatewayMovement>>> Movements(Instant from, Instant to, CancellationToken ct);
}

/// <summary>What a page at a gateway is for.</summary>
public enum PagePurpose
{
    /// <summary>To agree to one payment.</summary>
    Pay,

    /// <summary>To leave a card for charges without the customer.</summary>
    StoreCard,
}

/// <param name="Id">Our name of what is asked for, <c>pay_…</c> or <c>set_…</c>; kept at the gateway with it, and the
/// key by which the same question again is the same.</param>
/// <param name="Amount">To be paid, tax included; zero to store a card.</param>
/// <param name="Title">What the customer reads on the page.</param>
/// <param name="Email">Of the payer, to save typing; null where it is not known.</param>
/// <param name="Customer">The gateway's name of the account's customer; null where it has none yet.</param>
/// <param name="PayPal">By PayPal, at a gateway that knows it beside cards.</param>
/// <param name="Language">Of the page: <c>en</c>, <c>fr</c>, <c>es</c>.</param>
/// <param name="DoneUrl">Where the gateway sends the customer who agreed.</param>
/// <param name="CancelUrl">Where it sends the customer who did not.</param>
public sealed record PageOrder(
    PagePurpose Purpose, string Id, Money Amount, string Title, string? Email, string? Customer, bool PayPal,
    string Language, Uri DoneUrl, Uri CancelUrl);

/// <param name="Reference">The gateway's name of what was asked for.</param>
public sealed record HostedPage(string Reference, Uri Url);

/// <param name="Id">Our name of the payment, and the key by which the same question again is the same.</param>
/// <param name="Amount">To be paid, tax included.</param>
public sealed record ChargeOrder(string Id, Money Amount, string Title, StoredInstrument Instrument);

/// <summary>A stored card as its gateway knows it.</summary>
/// <param name="Customer">The gateway's name of whom it belongs to; empty where it has none.</param>
/// <param name="Token">Worth nothing but to us.</param>
public sealed record StoredInstrument(string Customer, string Token, CardFacts Card);

/// <param name="Id">Our name of the refund, <c>ref_…</c>, and the key by which the same question again is the same.
/// </param>
/// <param name="Reference">Of the payment.</param>
/// <param name="MoneyReference">Of the payment's money, from <see cref="GatewayView"/>.</param>
/// <param name="Amount">To give back, tax included.</param>
public sealed record RefundOrder(
    string Id, string PaymentId, string Reference, string MoneyReference, Money Amount, string Reason);

/// <summary>A payment as its gateway sees it.</summary>
/// <param name="MoneyReference">The gateway's name of the money itself, which refunds and disputes use; null as long as
/// there is none.</param>
/// <param name="Said">All that the gateway says of it, each with a name that is the same the next time.</param>
/// <param name="WaitsForCharge">It is prepared, and <see cref="IGateway.Charge"/> was never asked for.</param>
public sealed record GatewayView(
    string Reference, string? MoneyReference, IReadOnlyList<GatewaySaid> Said, bool WaitsForCharge = false);

/// <param name="Headers">By lower-case name.</param>
/// <param name="Body">The very bytes: they are what is signed.</param>
public sealed record GatewayPost(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What a gateway told of its own accord.</summary>
/// <param name="EventId">The gateway's name of it, by which it is kept once.</param>
/// <param name="Target">What it is about: our own id, or the gateway's reference of a payment or of its money; null
/// where it is about none.</param>
/// <param name="MoneyReference">The gateway's name of the money, where it is told.</param>
/// <param name="Event">Null where it only says that there is something to look at, or nothing that concerns payments.
/// </param>
/// <param name="Raw">The very text.</param>
public sealed record GatewayNews(
    string EventId, string? Target, string? MoneyReference, PaymentEvent? Event, string Raw);

/// <summary>The kinds are stored: never renumber.</summary>
public enum MovementKind
{
    Payment = 1,
    Refund = 2,

    /// <summary>A dispute took the money, or it came back.</summary>
    Dispute = 3,

    /// <summary>Of its own; those of a payment stand beside it.</summary>
    Fee = 4,

    /// <summary>To the provider's bank.</summary>
    Payout = 5,
    Other = 6,
}

/// <summary>Money that moved on the gateway's balance.</summary>
/// <param name="MoneyReference">Whose money it is; null where it is no payment's.</param>
/// <param name="Gross">Positive: it came to us.</param>
/// <param name="Fee">What the gateway kept of it; not negative, but where it gave a fee back.</param>
public sealed record GatewayMovement(
    string Id, MovementKind Kind, Instant At, string? MoneyReference, Money Gross, Money Fee);
