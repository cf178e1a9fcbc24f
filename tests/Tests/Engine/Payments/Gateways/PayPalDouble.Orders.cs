using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>Its orders, with what was captured and given back.</summary>
public sealed partial class PayPalDouble
{
    readonly Dictionary<string, Order> orders = [];

    /// <summary>An order that nobody approved in time is forgotten.</summary>
    static readonly Duration OrderLasts = Duration.FromHours(6);

    /// <summary>Somebody at the page of the order approves it.</summary>
    public void Approve(string id, bool slow)
    {
        lock (gate)
        {
            var order = orders[id];
            (order.Status, order.Slow, order.Updated) = ("APPROVED", slow, clock.Now);
            Post("CHECKOUT.ORDER.APPROVED", "checkout-order", Show(order));
        }
    }

    /// <summary>The next capture of an order is refused with this word.</summary>
    public void RefuseNext(string id, string issue) => orders[id].Refusal = issue;

    /// <summary>The next capture of an order is made, and its bank declines it.</summary>
    public void DeclineNext(string id, string code, string? advice = null) => orders[id].Declines = (code, advice);

    /// <summary>What waits for a bank is there, or is not.</summary>
    public void Finish(string captureId, bool settles)
    {
        lock (gate)
        {
            var capture = CaptureOf(captureId);
            (capture.Status, capture.Updated) = (settles ? "COMPLETED" : "DECLINED", clock.Now);
            if (settles) Move("T0006", capture.Id, capture.Cents, capture.Currency, null, capture.Fee);
            moves.RemoveAll(move => move.Status == "P" && move.Id == capture.Id);
            Post(settles ? "PAYMENT.CAPTURE.COMPLETED" : "PAYMENT.CAPTURE.DENIED", "capture", Show(capture));
        }
    }

    Answer CreateOrder(JsonNode body)
    {
        if ($"{body["intent"]}" != "CAPTURE") return Problem(400, "INVALID_REQUEST", "INVALID_PARAMETER_VALUE");
        var source = body["payment_source"];
        var order = new Order(NewId(""), body["purchase_units"]![0]!.AsObject(), source is not null, clock.Now)
        {
            Status = source is null ? "CREATED" : "PAYER_ACTION_REQUIRED",
            Updated = clock.Now,
        };
        orders[order.Id] = order;
        return new Answer(source is null ? 201 : 200, Show(order));
    }

    Answer OnOrder(string id, Func<Order, Answer> then)
    {
        if (!Regex.IsMatch(id, "^[A-Z0-9]{1,36}$")) return Unable("INVALID_PARAMETER_SYNTAX");
        return orders.TryGetValue(id, out var order)
            && (order.Captures.Count > 0 || clock.Now - order.Created < OrderLasts) ? then(order) : Missing();
    }

    Answer ShowOrder(Order order) => new(200, Show(order));

    Answer ChangeOrder(Order order, JsonNode changes)
    {
        if (order.Captures.Count > 0) return Unable("ORDER_ALREADY_COMPLETED");
        foreach (var change in changes.AsArray())
        {
            if ($"{change!["op"]} {change["path"]}" != "replace /intent") return Unable("NOT_PATCHABLE");
            (order.Intent, order.Updated) = ($"{change["value"]}", clock.Now);
        }
        return new Answer(204, null);
    }

    Answer Capture(Order order, JsonNode body)
    {
        if (order.Intent != "CAPTURE") return Unable("ACTION_DOES_NOT_MATCH_INTENT");
        if (order.Captures.Any(capture => capture.Status != "DECLINED")) return Unable("ORDER_ALREADY_CAPTURED");
        var slow = order.Slow;
        if (body["payment_source"]?["paypal"]?["vault_id"] is { } vault)
        {
            if (!vaulted.TryGetValue($"{vault}", out var card)) return Unable("TOKEN_ID_NOT_FOUND");
            if (RefusalOf(card) is { } issue) return Unable(issue);
            slow = card == LeftCard.Slow;
        }
        else if (order.Status != "APPROVED")
        {
            return Unable("ORDER_NOT_APPROVED");
        }
        if (order.Refusal is { } refusal)
        {
            order.Refusal = null;
            return Unable(refusal);
        }
        if (orders.Values.Any(other => other != order && other.Captures.Count > 0
            && $"{other.Unit["invoice_id"]}" == $"{order.Unit["invoice_id"]}"))
            return Unable("DUPLICATE_INVOICE_ID");
        Take(order, slow);
        return new Answer(201, Show(order));
    }

    void Take(Order order, bool slow)
    {
        var amount = order.Unit["amount"]!;
        var capture = new Captured(NewId(""), order, Cents(amount), $"{amount["currency_code"]}", clock.Now)
        {
            Status = order.Declines is not null ? "DECLINED" : slow ? "PENDING" : "COMPLETED",
            Updated = clock.Now,
        };
        order.Captures.Add(capture);
        (order.Status, order.Updated) = ("COMPLETED", clock.Now);
        if (capture.Status == "COMPLETED")
            Move("T0006", capture.Id, capture.Cents, capture.Currency, null, capture.Fee);
        if (capture.Status == "PENDING")
            Move("T0006", capture.Id, capture.Cents, capture.Currency, null, 0, status: "P");
        Post($"PAYMENT.CAPTURE.{capture.Status}", "capture", Show(capture));
    }

    Answer Refund(string captureId, JsonNode body)
    {
        if (!orders.Values.SelectMany(order => order.Captures).Any(one => one.Id == captureId)) return Missing();
        var capture = CaptureOf(captureId);
        var cents = Cents(body["amount"]!);
        var given = capture.Order.Refunds.Where(refund => refund.Status is "COMPLETED" or "PENDING")
            .Sum(refund => refund.Cents);
        if (capture.Status is "PENDING" or "DECLINED") return Unable("REFUND_NOT_ALLOWED");
        if (given + cents > capture.Cents)
            return Unable(given == capture.Cents ? "CAPTURE_FULLY_REFUNDED" : "REFUND_AMOUNT_EXCEEDED");
        var refund = new Refunded(NewId(""), capture, cents, $"{body["custom_id"]}", clock.Now)
        {
            Status = SlowRefunds ? "PENDING" : "COMPLETED",
            Updated = clock.Now,
        };
        capture.Order.Refunds.Add(refund);
        (capture.Status, capture.Updated) =
            (given + cents == capture.Cents ? "REFUNDED" : "PARTIALLY_REFUNDED", clock.Now);
        Move("T1107", refund.Id, -cents, capture.Currency, capture.Id, 0);
        Post("PAYMENT.CAPTURE.REFUNDED", "refund", Show(refund));
        return new Answer(201, Show(refund));
    }

    /// <summary>Whether money goes back by a bank that takes days.</summary>
    public bool SlowRefunds { get; set; }

    /// <summary>A bank takes no refund: the money is ours again.</summary>
    public void FailRefunds(string orderId)
    {
        lock (gate)
        {
            foreach (var refund in orders[orderId].Refunds)
            {
                (refund.Status, refund.Updated) = ("FAILED", clock.Now);
                Move("T1100", NewId(""), refund.Cents, refund.Capture.Currency, refund.Capture.Id, 0);
            }
        }
    }

    Captured CaptureOf(string id) =>
        orders.Values.SelectMany(order => order.Captures).Single(capture => capture.Id == id);

    JsonObject Show(Order order)
    {
        var unit = order.Unit.DeepClone().AsObject();
        unit["reference_id"] = "default";
        var payments = new JsonObject();
        if (order.Captures.Count > 0) payments["captures"] = new JsonArray([.. order.Captures.Select(Show)]);
        if (order.Refunds.Count > 0) payments["refunds"] = new JsonArray([.. order.Refunds.Select(Show)]);
        if (payments.Count > 0) unit["payments"] = payments;
        var shown = new JsonObject
        {
            ["id"] = order.Id,
            ["intent"] = order.Intent,
            ["status"] = order.Status,
            ["create_time"] = Write(order.Created),
            ["update_time"] = Write(order.Updated),
            ["purchase_units"] = new JsonArray(unit),
            ["links"] = new JsonArray(
                Link("self", $"/v2/checkout/orders/{order.Id}"),
                Link(order.HasSource ? "payer-action" : "approve", $"/checkoutnow?token={order.Id}")),
        };
        if (order.HasSource) shown["payment_source"] = new JsonObject { ["paypal"] = new JsonObject() };
        return shown;
    }

    JsonObject Show(Captured capture)
    {
        var shown = new JsonObject
        {
            ["id"] = capture.Id,
            ["status"] = capture.Status,
            ["amount"] = Amount(capture.Cents, capture.Currency),
            ["final_capture"] = true,
            ["custom_id"] = $"{capture.Order.Unit["custom_id"]}",
            ["invoice_id"] = $"{capture.Order.Unit["invoice_id"]}",
            ["create_time"] = Write(capture.Created),
            ["update_time"] = Write(capture.Updated),
            ["links"] = new JsonArray(
                Link("self", $"/v2/payments/captures/{capture.Id}"),
                Link("up", $"/v2/checkout/orders/{capture.Order.Id}")),
        };
        if (capture.Status == "PENDING") shown["status_details"] = new JsonObject { ["reason"] = "ECHECK" };
        if (capture.Status == "DECLINED" && capture.Order.Declines is { } declines)
        {
            var response = new JsonObject { ["response_code"] = declines.Code };
            if (declines.Advice is { } advice) response["payment_advice_code"] = advice;
            shown["processor_response"] = response;
        }
        return shown;
    }

    JsonObject Show(Refunded refund) => new()
    {
        ["id"] = refund.Id,
        ["status"] = refund.Status,
        ["amount"] = Amount(refund.Cents, refund.Capture.Currency),
        ["custom_id"] = refund.CustomId,
        ["invoice_id"] = refund.CustomId,
        ["create_time"] = Write(refund.Created),
        ["update_time"] = Write(refund.Updated),
        ["links"] = new JsonArray(
            Link("self", $"/v2/payments/refunds/{refund.Id}"),
            Link("up", $"/v2/payments/captures/{refund.Capture.Id}")),
    };

    sealed record Order(string Id, JsonObject Unit, bool HasSource, Instant Created)
    {
        public string Intent { get; set; } = "CAPTURE";
        public string Status { get; set; } = "";
        public Instant Updated { get; set; }
        public bool Slow { get; set; }
        public string? Refusal { get; set; }
        public (string Code, string? Advice)? Declines { get; set; }
        public List<Captured> Captures { get; } = [];
        public List<Refunded> Refunds { get; } = [];
    }

    sealed record Captured(string Id, Order Order, long Cents, string Currency, Instant Created)
    {
        public string Status { get; set; } = "";
        public Instant Updated { get; set; }

        /// <summary>What PayPal keeps: 2.9 % and 30 cents.</summary>
        public long Fee => (Cents * 29 + 500) / 1_000 + 30;
    }

    sealed record Refunded(string Id, Captured Capture, long Cents, string CustomId, Instant Created)
    {
        public string Status { get; set; } = "";
        public Instant Updated { get; set; }
    }
}
