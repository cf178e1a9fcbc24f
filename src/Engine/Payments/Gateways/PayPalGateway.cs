using System.Net;
using System.Text;
using System.Text.Json;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// PayPal: its orders (v2) for payments, its vault (v3) for payers who pay without being there. PayPal holds no money
/// before a capture; an order that is never captured ends of itself after some hours.
/// </summary>
public sealed class PayPalGateway : IGateway, IDisposable
{
    readonly GatewayClient client;
    readonly PayPalApi api;
    readonly PayPalDisputes disputes;
    readonly PayPalSignature signature;
    readonly IClock clock;

    /// <param name="http">Ends with the gateway.</param>
    public PayPalGateway(PayPalSettings settings, HttpClient http, IClock clock, TimeProvider time)
    {
        client = new GatewayClient(http, time);
        api = new PayPalApi(settings, client, clock);
        disputes = new PayPalDisputes(api);
        signature = new PayPalSignature(settings, http, clock, time);
        this.clock = clock;
    }

    public Task<Result<HostedPage>> Open(PageOrder order, CancellationToken ct) => order.Purpose switch
    {
        PagePurpose.Pay => OpenPayment(order, ct),
        PagePurpose.StoreCard => OpenStorage(order, ct),
    };

    public async Task<Result<string>> Prepare(ChargeOrder order, CancellationToken ct)
    {
        var unit = Unit(order.Id, order.Amount, order.Title);
        if (unit.Refused is { } bad) return bad;
        var body = new { intent = "CAPTURE", purchase_units = new[] { unit.Value } };
        return PayPalAnswer.Read(
            await api.Post("/v2/checkout/orders", $"{order.Id}-prepare", body, ct), made => made.Need("id"));
    }

    public Task<Result<GatewayView>> Charge(string reference, ChargeOrder order, CancellationToken ct) => Take(
        reference, $"{order.Id}-charge",
        new { payment_source = new { paypal = new { vault_id = order.Instrument.Token } } },
        unapproved: DeclineClass.NeedsCustomer, ct);

    public Task<Result<GatewayView>> Capture(string reference, string paymentId, CancellationToken ct) =>
        Take(reference, $"{paymentId}-capture", new { }, unapproved: null, ct);

    public async Task<Result<GatewayView>> Look(string reference, CancellationToken ct)
    {
        var reply = await api.Get(Order(reference), ct);
        if (reply is { Accepted: true, Value.Status: HttpStatusCode.NotFound })
            return PayPalOrder.Expired(reference, clock.GetCurrentInstant(), reply.Value.Body);
        var view = PayPalAnswer.Read(reply, PayPalOrder.View);
        if (view.Refused is { } refused) return refused;
        if (view.Value.MoneyReference is not { } money) return view;
        var cases = await disputes.Of(money, ct);
        return cases.Refused is { } away
            ? away
            : view.Value with { Said = [.. view.Value.Said, .. cases.Value] };
    }

    /// <summary>
    /// PayPal has no request to give an order up, nor holds money for one. With another intent it cannot be captured
    /// any more; where PayPal does not take that, the payment is over because nobody but us captures.
    /// </summary>
    public async Task<Result<GatewayView>> Cancel(string reference, string paymentId, CancellationToken ct)
    {
        var changed = await api.Patch(
            Order(reference), [new { op = "replace", path = "/intent", value = "AUTHORIZE" }], ct);
        if (changed.Refused is { } away) return away;
        var found = await Look(reference, ct);
        if (!found.Accepted || found.Value.MoneyReference is not null
            || found.Value.Said.Any(said => said.Event is PaymentCancelled)) return found;
        var over = new PaymentCancelled(clock.GetCurrentInstant());
        var said = new GatewaySaid($"{reference}/given-up", over, $"{changed.Value.Body}");
        return found.Value with { Said = [.. found.Value.Said, said], WaitsForCharge = false };
    }

    public async Task<Result<StoredInstrument?>> Stored(string reference, CancellationToken ct)
    {
        var setup = await api.Get($"/v3/vault/setup-tokens/{Uri.EscapeDataString(reference)}", ct);
        if (setup is { Accepted: true, Value.Status: HttpStatusCode.NotFound }) return (StoredInstrument?)null;
        var status = PayPalAnswer.Read(setup, body => body.Need("status"));
        if (status.Refused is { } unknown) return unknown;
        // Vaulted: it was exchanged before, and the same key gives the same token again.
        if (status.Value is not ("APPROVED" or "VAULTED")) return (StoredInstrument?)null;
        var body = new { payment_source = new { token = new { id = reference, type = "SETUP_TOKEN" } } };
        return PayPalAnswer.Read<StoredInstrument?>(
            await api.Post("/v3/vault/payment-tokens", $"{reference}-store", body, ct), Instrument);
    }

    public async Task<Result<GatewayView>> Refund(RefundOrder order, CancellationToken ct)
    {
        var amount = PayPalAmount.Of(order.Amount);
        if (amount.Refused is { } bad) return bad;
        var body = new
        {
            amount = amount.Value,
            custom_id = order.Id,
            invoice_id = order.Id,
            note_to_payer = OneLine(order.Reason, 255),
        };
        var given = PayPalAnswer.Read(
            await api.Post(
                $"/v2/payments/captures/{Uri.EscapeDataString(order.MoneyReference)}/refund", $"{order.Id}-refund",
                body, ct),
            PayPalOrder.Refunded);
        if (given.Refused is { } refused) return refused;
        var found = await Look(order.Reference, ct);
        // The order may come to know of its refund later than the refund is made.
        return !found.Accepted || found.Value.Said.Any(said => said.EventId == given.Value.EventId)
            ? found
            : found.Value with { Said = [.. found.Value.Said, given.Value] };
    }

    public async Task<Result<bool>> Forget(StoredInstrument instrument, CancellationToken ct)
    {
        var reply = await api.Delete($"/v3/vault/payment-tokens/{Uri.EscapeDataString(instrument.Token)}", ct);
        return reply is { Accepted: true, Value.Status: HttpStatusCode.NotFound }
            ? true
            : PayPalAnswer.Read(reply, _ => true);
    }

    public async Task<Result<GatewayNews>> Hear(GatewayPost post, CancellationToken ct)
    {
        var signed = await signature.Verify(post, ct);
        return signed.Refused is { } forged ? forged : PayPalNews.Read(Encoding.UTF8.GetString(post.Body.Span));
    }

    public Task<Result<IReadOnlyList<GatewayMovement>>> Movements(Instant from, Instant to, CancellationToken ct) =>
        new PayPalReport(api, clock).Read(from, to, ct);

    public void Dispose()
    {
        api.Dispose();
        client.Dispose();
    }

    async Task<Result<HostedPage>> OpenPayment(PageOrder order, CancellationToken ct)
    {
        var unit = Unit(order.Id, order.Amount, order.Title);
        if (unit.Refused is { } bad) return bad;
        var body = new
        {
            intent = "CAPTURE",
            purchase_units = new[] { unit.Value },
            payment_source = new
            {
                paypal = new
                {
                    email_address = order.Email,
                    experience_context = new
                    {
                        locale = Locale(order.Language),
                        shipping_preference = "NO_SHIPPING",
                        user_action = "PAY_NOW",
                        return_url = order.DoneUrl,
                        cancel_url = order.CancelUrl,
                    },
                },
            },
        };
        return PayPalAnswer.Read(await api.Post("/v2/checkout/orders", $"{order.Id}-open", body, ct), Page);
    }

    async Task<Result<HostedPage>> OpenStorage(PageOrder order, CancellationToken ct)
    {
        var body = new
        {
            customer = order.Customer is { } id ? new { id } : null,
            payment_source = new
            {
                paypal = new
                {
                    description = OneLine(order.Title, 128),
                    usage_type = "MERCHANT",
                    experience_context = new
                    {
                        locale = Locale(order.Language),
                        shipping_preference = "NO_SHIPPING",
                        vault_instruction = "ON_PAYER_APPROVAL",
                        return_url = order.DoneUrl,
                        cancel_url = order.CancelUrl,
                    },
                },
            },
        };
        return PayPalAnswer.Read(await api.Post("/v3/vault/setup-tokens", $"{order.Id}-open", body, ct), Page);
    }

    /// <summary>
    /// Captures. That the payer's money was declined is an event; where somebody was faster, or the order ended, it is
    /// what PayPal tells of it.
    /// </summary>
    /// <param name="unapproved">What it means that the payer has not approved; null: that there is nothing yet.</param>
    async Task<Result<GatewayView>> Take(
        string reference, string key, object body, DeclineClass? unapproved, CancellationToken ct)
    {
        var reply = await api.Post($"{Order(reference)}/capture", key, body, ct);
        if (!reply.Accepted || reply.Value.IsSuccess) return PayPalAnswer.Read(reply, PayPalOrder.View);
        var issue = PayPalAnswer.Issue(reply.Value);
        if ((issue == "ORDER_NOT_APPROVED" ? unapproved : PayPalDeclines.Of(issue)) is { } why)
        {
            var name = reply.Value.Body.Text("debug_id") ?? issue;
            var declined = new PaymentFailed(clock.GetCurrentInstant(), why, issue);
            return new GatewayView(
                reference, null,
                [new GatewaySaid($"{reference}/{name}", declined, reply.Value.Body.GetRawText())]);
        }
        if (issue == "ORDER_COMPLETION_IN_PROGRESS") return new Refused(Refusal.GatewayAway, issue);
        return issue is "ORDER_ALREADY_CAPTURED" or "ORDER_NOT_APPROVED" or "ACTION_DOES_NOT_MATCH_INTENT"
            || reply.Value.Status == HttpStatusCode.NotFound
            ? await Look(reference, ct)
            : new Refused(Refusal.GatewayRefused, issue);
    }

    static HostedPage Page(JsonElement made) => new(
        made.Need("id"),
        new Uri(made.Link("payer-action", "approve") ?? throw new FormatException("There is no page to send to.")));

    /// <summary>
    /// What is to be paid. An invoice id of its own makes PayPal refuse a second payment of the same, as the account's
    /// settings have it.
    /// </summary>
    static Result<PurchaseUnit> Unit(string id, Money amount, string title)
    {
        var value = PayPalAmount.Of(amount);
        return value.Refused is { } bad ? bad : new PurchaseUnit(id, id, OneLine(title, 127), value.Value);
    }

    static StoredInstrument Instrument(JsonElement token)
    {
        var payer = token.GetProperty("payment_source").GetProperty("paypal");
        var id = payer.Text("payer_id") ?? payer.Need("account_id");
        return new StoredInstrument(
            token.Part("customer")?.Text("id") ?? "", token.Need("id"),
            new CardFacts(
                "paypal", Mask(payer.Text("email_address") ?? ""), 0, 0,
                payer.Part("address")?.Text("country_code") ?? "", payer.Part("address")?.Text("postal_code") ?? "",
                false, id));
    }

    /// <summary>Enough for its owner to know it: <c>a…@example.com</c>.</summary>
    static string Mask(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 1 ? "" : $"{address[0]}…{address[at..]}";
    }

    /// <summary>Null where nothing is left: PayPal takes no empty text.</summary>
    static string? OneLine(string text, int most)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (line.Length > most) line = line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)];
        return line.Length == 0 ? null : line;
    }

    static string Locale(string language) => language switch
    {
        "fr" => "fr-CA",
        "es" => "es-ES",
        _ => "en-US",
    };

    static string Order(string reference) => $"/v2/checkout/orders/{Uri.EscapeDataString(reference)}";

    sealed record PurchaseUnit(string custom_id, string invoice_id, string? description, PayPalAmount amount);
}
