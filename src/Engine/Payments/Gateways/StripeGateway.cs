using System.Text.Json;
using NodaTime;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// Stripe: Checkout for pages, PaymentIntents for money, SetupIntents for cards. A payment's reference is that of its
/// Checkout Session (<c>cs_…</c>), or of its PaymentIntent (<c>pi_…</c>) where there was no page; its money's is that
/// of the PaymentIntent.
/// </summary>
public sealed class StripeGateway(StripeAccount account, GatewayClient client, IClock clock) : IGateway
{
    /// <summary>A page of a list, and how many of them are read at most.</summary>
    const int PageSize = 100;
    const int MostPages = 10_000;

    const string Intents = "/v1/payment_intents/";
    const string Sessions = "/v1/checkout/sessions";
    const string WholeCharge = "latest_charge.balance_transaction";

    readonly StripeWire wire = new(account, client);

    public async Task<Result<HostedPage>> Open(PageOrder order, CancellationToken ct)
    {
        var opened = await Posted(Sessions, StripeForm.Page(order), $"{order.Id}.open", ct);
        if (opened.Refused is { } refused) return refused;
        return opened.Value.Text("id") is { } id && Uri.TryCreate(opened.Value.Text("url"), default, out var page)
            ? new HostedPage(id, page)
            : new Refused(Refusal.GatewayRefused, "There is no page.");
    }

    public async Task<Result<string>> Prepare(ChargeOrder order, CancellationToken ct)
    {
        var made = await Posted("/v1/payment_intents", StripeForm.Charge(order), $"{order.Id}.prepare", ct);
        if (made.Refused is { } refused) return refused;
        return made.Value.Text("id") is { } id ? id : new Refused(Refusal.GatewayRefused, "The charge has no name.");
    }

    public async Task<Result<GatewayView>> Charge(string reference, ChargeOrder order, CancellationToken ct)
    {
        var form = new StripeForm().Add("off_session", "true").Expand(WholeCharge);
        var reply = await wire.Post($"{Intents}{Escaped(reference)}/confirm", form, $"{order.Id}.charge", ct);
        if (reply.Refused is { } away) return away;
        if (reply.Value.IsSuccess) return await View(reference, reply.Value.Body, ct);
        return IsNoFault(reply.Value) ? await Look(reference, ct) : StripeWire.Understood(reply.Value).Refused!;
    }

    public async Task<Result<GatewayView>> Look(string reference, CancellationToken ct)
    {
        if (!IsPage(reference))
        {
            var intent = await wire.Get(
                $"{Intents}{Escaped(reference)}", new StripeForm().Expand(WholeCharge), ct);
            return intent.Refused is { } none ? none : await View(reference, intent.Value, ct);
        }
        var session = await Session(reference, ct);
        return session.Refused is { } refused ? refused : await ViewOfPage(session.Value, ct);
    }

    public async Task<Result<GatewayView>> Capture(string reference, string paymentId, CancellationToken ct)
    {
        var intent = await IntentOf(reference, ct);
        if (intent.Refused is { } refused) return refused;
        var form = new StripeForm().Expand(WholeCharge);
        var reply = await wire.Post($"{Intents}{intent.Value}/capture", form, $"{paymentId}.capture", ct);
        return await After(reference, reply, ct);
    }

    public async Task<Result<GatewayView>> Cancel(string reference, string paymentId, CancellationToken ct)
    {
        if (!IsPage(reference)) return await CancelIntent(reference, reference, paymentId, ct);
        var session = await Session(reference, ct);
        if (session.Refused is { } refused) return refused;
        if (session.Value.Text("status") == "open")
        {
            // Where the customer was quicker, it is refused and the money's own cancelling follows.
            var expired = await wire.Post(
                $"{Sessions}/{Escaped(reference)}/expire", new StripeForm(), $"{paymentId}.expire", ct);
            if (expired.Refused is { } away) return away;
            if (expired.Value.IsSuccess) return await Look(reference, ct);
            session = await Session(reference, ct);
            if (session.Refused is { } lost) return lost;
        }
        return session.Value.Part("payment_intent")?.Text("id") is { } intent
            ? await CancelIntent(reference, intent, paymentId, ct)
            : await ViewOfPage(session.Value, ct);
    }

    public async Task<Result<StoredInstrument?>> Stored(string reference, CancellationToken ct)
    {
        var session = await wire.Get(
            $"{Sessions}/{Escaped(reference)}", new StripeForm().Expand("setup_intent.payment_method"), ct);
        if (session.Refused is { } refused) return refused;
        var setup = session.Value.Part("setup_intent") ?? default;
        if (setup.Text("status") != "succeeded") return (StoredInstrument?)null;
        var customer = setup.Text("customer") ?? session.Value.Text("customer") ?? "";
        return setup.Part("payment_method") is { ValueKind: JsonValueKind.Object } method
            ? StripeReading.Stored(method, customer)
            : (StoredInstrument?)null;
    }

    public async Task<Result<GatewayView>> Refund(RefundOrder order, CancellationToken ct)
    {
        // Stripe remembers a key for a day; what was given back longer ago is seen by its name.
        var given = await Refunds(order.MoneyReference, ct);
        if (given.Refused is { } unknown) return unknown;
        if (!given.Value.Any(refund => refund.Part("metadata")?.Text(StripeForm.OurId) == order.Id))
        {
            var made = await Posted("/v1/refunds", StripeForm.Refund(order), $"{order.Id}.refund", ct);
            if (made.Refused is { } refused) return refused;
        }
        return await Look(order.Reference, ct);
    }

    public async Task<Result<bool>> Forget(StoredInstrument instrument, CancellationToken ct)
    {
        var path = $"/v1/payment_methods/{Escaped(instrument.Token)}";
        var gone = await Posted($"{path}/detach", new StripeForm(), $"{instrument.Token}.detach", ct);
        if (gone.Refused is not { Refusal: Refusal.GatewayRefused } refused)
            return gone.Refused is { } away ? away : true;
        var method = await wire.Get(path, new StripeForm(), ct);
        if (method.Refused is { Refusal: Refusal.GatewayAway } lost) return lost;
        return method.Accepted && method.Value.Part("customer") is not null ? refused : true;
    }

    public Task<Result<GatewayNews>> Hear(GatewayPost post, CancellationToken ct)
    {
        var signature = post.Headers.GetValueOrDefault(StripeSignature.Header);
        return Task.FromResult(
            StripeSignature.IsGood(signature, account.SigningSecret, clock.GetCurrentInstant(), post.Body.Span)
                ? StripeNews.Read(post.Body.Span)
                : Refusal.SignatureWrong);
    }

    public async Task<Result<IReadOnlyList<GatewayMovement>>> Movements(
        Instant from, Instant to, CancellationToken ct)
    {
        var moved = await All(
            "/v1/balance_transactions",
            () => new StripeForm().Add("created[gte]", StripeAmount.NotBefore(from))
                .Add("created[lt]", StripeAmount.NotBefore(to)).Expand("data.source"),
            ct);
        if (moved.Refused is { } refused) return refused;
        return moved.Value.Select(StripeMovements.Of).ToList();
    }

    async Task<Result<GatewayView>> CancelIntent(
        string reference, string intent, string paymentId, CancellationToken ct) =>
        await After(
            reference,
            await wire.Post(
                $"{Intents}{Escaped(intent)}/cancel", new StripeForm().Expand(WholeCharge), $"{paymentId}.cancel", ct),
            ct);

    /// <summary>
    /// What a PaymentIntent is after it was asked for something. One that could not do it any more is looked at.
    /// </summary>
    async Task<Result<GatewayView>> After(string reference, Result<GatewayReply> reply, CancellationToken ct)
    {
        if (reply.Refused is { } away) return away;
        if (reply.Value.IsSuccess) return await View(reference, reply.Value.Body, ct);
        return IsNoFault(reply.Value) ? await Look(reference, ct) : StripeWire.Understood(reply.Value).Refused!;
    }

    /// <summary>A card was refused, or what was asked for had been done or ended before.</summary>
    static bool IsNoFault(GatewayReply reply)
    {
        var error = reply.Body.Part("error") ?? default;
        return error.Text("type") == "card_error"
            || error.Text("code") is "payment_intent_unexpected_state" or "payment_intent_authentication_failure";
    }

    async Task<Result<GatewayView>> ViewOfPage(JsonElement session, CancellationToken ct)
    {
        var id = session.Text("id") ?? "";
        var view = new GatewayView(id, null, []);
        if (session.Part("payment_intent") is { ValueKind: JsonValueKind.Object } intent)
        {
            var seen = await View(id, intent, ct);
            if (seen.Refused is { } refused) return refused;
            view = seen.Value;
        }
        var over = view.Said.Any(said => said.Event is PaymentCancelled or PaymentSettled);
        if (over || session.Text("status") != "expired") return view;
        var end = Instant.Min(StripeAmount.At(session.Count("expires_at")), clock.GetCurrentInstant());
        return view with
        {
            Said = [.. view.Said, new GatewaySaid($"{id}.expired", new PaymentCancelled(end), session.GetRawText())],
        };
    }

    async Task<Result<GatewayView>> View(string reference, JsonElement intent, CancellationToken ct)
    {
        var said = StripeReading.OfIntent(intent).ToList();
        var id = intent.Text("id") ?? reference;
        if (intent.Text("status") == "succeeded")
        {
            var refunds = await Refunds(id, ct);
            if (refunds.Refused is { } refused) return refused;
            said.AddRange(refunds.Value.Select(StripeReading.SaidOfRefund));
            var disputes = await All("/v1/disputes", () => new StripeForm().Add("payment_intent", id), ct);
            if (disputes.Refused is { } lost) return lost;
            said.AddRange(disputes.Value.Select(StripeReading.SaidOfDispute));
        }
        return new GatewayView(reference, id, said, StripeReading.WaitsForCharge(intent));
    }

    Task<Result<JsonElement>> Session(string reference, CancellationToken ct) => wire.Get(
        $"{Sessions}/{Escaped(reference)}", new StripeForm().Expand($"payment_intent.{WholeCharge}"), ct);

    async Task<Result<string>> IntentOf(string reference, CancellationToken ct)
    {
        if (!IsPage(reference)) return Escaped(reference);
        var session = await Session(reference, ct);
        if (session.Refused is { } refused) return refused;
        return session.Value.Part("payment_intent")?.Text("id") is { } intent
            ? Escaped(intent)
            : new Refused(Refusal.GatewayRefused, "Nobody has agreed to it.");
    }

    Task<Result<IReadOnlyList<JsonElement>>> Refunds(string intent, CancellationToken ct) =>
        All("/v1/refunds", () => new StripeForm().Add("payment_intent", intent), ct);

    async Task<Result<IReadOnlyList<JsonElement>>> All(string path, Func<StripeForm> query, CancellationToken ct)
    {
        var all = new List<JsonElement>();
        for (var page = 0; page < MostPages; page++)
        {
            var asked = query().Add("limit", PageSize);
            if (all.Count > 0) asked.Add("starting_after", all[^1].Text("id"));
            var found = await wire.Get(path, asked, ct);
            if (found.Refused is { } refused) return refused;
            var before = all.Count;
            all.AddRange(found.Value.Each("data"));
            if (!found.Value.Is("has_more") || all.Count == before) return all;
        }
        return new Refused(Refusal.GatewayRefused, $"{path} does not end.");
    }

    async Task<Result<JsonElement>> Posted(string path, StripeForm form, string key, CancellationToken ct)
    {
        var reply = await wire.Post(path, form, key, ct);
        return reply.Refused is { } away ? away : StripeWire.Understood(reply.Value);
    }

    static bool IsPage(string reference) => reference.StartsWith("cs_", StringComparison.Ordinal);

    static string Escaped(string name) => Uri.EscapeDataString(name);
}
