using System.Text.Json.Nodes;
using NodaTime;

namespace Tollkeeper.Host.Sandbox;

/// <summary>New objects in the shape of Stripe's API, version 2023-08-16.</summary>
static class SandboxObjects
{
    public const string Version = "2023-08-16";

    /// <summary>How long a customer can pay at a page.</summary>
    public static readonly Duration PageLife = Duration.FromHours(24);

    public static JsonObject Intent(SandboxWork work, SandboxForm form, string? within = null) => SandboxJson.Read(
        """
        {"object":"payment_intent","amount_capturable":0,"amount_details":{"tip":{}},"amount_received":0,
        "application":null,"application_fee_amount":null,"automatic_payment_methods":null,"canceled_at":null,
        "cancellation_reason":null,"confirmation_method":"automatic","customer":null,"description":null,"invoice":null,
        "last_payment_error":null,"latest_charge":null,"livemode":false,"next_action":null,"on_behalf_of":null,
        "payment_method":null,"payment_method_options":{},"payment_method_types":["card"],"processing":null,
        "receipt_email":null,"review":null,"setup_future_usage":null,"shipping":null,"statement_descriptor":null,
        "statement_descriptor_suffix":null,"status":"requires_payment_method","transfer_data":null,
        "transfer_group":null}
        """).With(
        ("id", SandboxWork.NewId("pi")), ("created", work.Seconds), ("client_secret", SandboxWork.NewId("secret")),
        ("capture_method", form[Named("capture_method", within)] ?? "automatic"),
        ("description", form[Named("description", within)]), ("metadata", form.Map(Named("metadata", within))));

    public static JsonObject Session(SandboxWork work, SandboxForm form, long? amount, string? currency)
    {
        var session = SandboxJson.Read(
            """
            {"object":"checkout.session","after_expiration":null,"allow_promotion_codes":null,
            "automatic_tax":{"enabled":false,"status":null},"consent":null,"consent_collection":null,
            "currency_conversion":null,"custom_fields":[],"custom_text":{"shipping_address":null,"submit":null},
            "customer_details":null,"invoice":null,"invoice_creation":null,"livemode":false,"payment_intent":null,
            "payment_link":null,"payment_method_collection":"always","payment_method_options":{},
            "phone_number_collection":{"enabled":false},"recovered_from":null,"setup_intent":null,
            "shipping_address_collection":null,"shipping_cost":null,"shipping_details":null,"shipping_options":[],
            "status":"open","submit_type":null,"subscription":null}
            """);
        foreach (var name in new[]
        {
            "billing_address_collection", "cancel_url", "client_reference_id", "customer", "customer_creation",
            "customer_email", "locale", "success_url",
        })
            session[name] = form[name];
        return session.With(
            ("id", SandboxWork.NewId("cs_test")), ("created", work.Seconds),
            ("expires_at", (work.Now + PageLife).ToUnixTimeSeconds()), ("mode", form.Needed("mode")),
            ("metadata", form.Map("metadata")), ("currency", currency), ("amount_total", amount),
            ("amount_subtotal", amount),
            ("total_details", amount is null
                ? null
                : new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = 0, ["amount_tax"] = 0 }),
            ("payment_status", amount is null ? "no_payment_required" : "unpaid"),
            ("payment_method_types",
                new JsonArray([.. form.List("payment_method_types").Select(one => (JsonNode)one)])));
    }

    public static JsonObject Setup(SandboxWork work, SandboxForm form) => SandboxJson.Read(
        """
        {"object":"setup_intent","application":null,"automatic_payment_methods":null,"cancellation_reason":null,
        "description":null,"flow_directions":null,"last_setup_error":null,"latest_attempt":null,"livemode":false,
        "mandate":null,"next_action":null,"on_behalf_of":null,"payment_method":null,"payment_method_options":{},
        "payment_method_types":["card"],"single_use_mandate":null,"status":"requires_payment_method",
        "usage":"off_session"}
        """).With(
        ("id", SandboxWork.NewId("seti")), ("created", work.Seconds), ("customer", form["customer"]),
        ("client_secret", SandboxWork.NewId("secret")), ("metadata", form.Map("setup_intent_data[metadata]")));

    public static JsonObject Customer(SandboxWork work, string? email, JsonObject metadata) => SandboxJson.Read(
        """
        {"object":"customer","address":null,"balance":0,"currency":null,"default_source":null,"delinquent":false,
        "description":null,"discount":null,"invoice_settings":{"custom_fields":null,"default_payment_method":null,
        "footer":null,"rendering_options":null},"livemode":false,"name":null,"next_invoice_sequence":1,"phone":null,
        "preferred_locales":[],"shipping":null,"tax_exempt":"none","test_clock":null}
        """).With(
        ("id", SandboxWork.NewId("cus")), ("created", work.Seconds), ("email", email), ("metadata", metadata),
        ("invoice_prefix", SandboxWork.NewId("INV")[4..12].ToUpperInvariant()));

    public static JsonObject Method(SandboxWork work, SandboxCard card, SandboxBilling billing)
    {
        var method = new JsonObject
        {
            ["id"] = SandboxWork.NewId("pm"),
            ["object"] = "payment_method",
            ["billing_details"] = billing.ToJson(),
            ["created"] = work.Seconds,
            ["customer"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["type"] = card.Brand == "paypal" ? "paypal" : "card",
            ["_card"] = card.Key,
            ["_declined"] = 0,
        };
        var expiry = work.Now.InUtc();
        method[method.Text("type")!] = card.Brand == "paypal"
            ? new JsonObject
            {
                ["payer_email"] = billing.Email ?? "payer@example.com",
                ["payer_id"] = card.FingerprintOf(billing.Email).ToUpperInvariant(),
            }
            : SandboxJson.Read(
                """
                {"checks":{"address_line1_check":null,"cvc_check":"pass"},"exp_month":12,"funding":"credit",
                "generated_from":null,"three_d_secure_usage":{"supported":true},"wallet":null}
                """).With(
                ("brand", card.Brand), ("last4", card.LastDigits), ("country", billing.Country),
                ("exp_year", expiry.Year + 3), ("fingerprint", card.FingerprintOf(billing.Email)),
                ("networks", new JsonObject
                {
                    ["available"] = new JsonArray(card.Brand),
                    ["preferred"] = null,
                }));
        if (method["card"]?["checks"] is JsonObject checks)
            checks["address_postal_code_check"] = billing.PostalCode.Length == 0 ? null : "pass";
        return method;
    }

    public static JsonObject Charge(SandboxWork work, JsonObject intent, JsonObject method) => SandboxJson.Read(
        """
        {"object":"charge","amount_captured":0,"amount_refunded":0,"application":null,"application_fee":null,
        "application_fee_amount":null,"balance_transaction":null,"calculated_statement_descriptor":"SANDBOX",
        "captured":false,"disputed":false,"failure_balance_transaction":null,"failure_code":null,
        "failure_message":null,"fraud_details":{},"invoice":null,"livemode":false,"on_behalf_of":null,"outcome":null,
        "paid":true,"radar_options":{},"receipt_email":null,"receipt_number":null,"receipt_url":null,
        "refunded":false,"review":null,"shipping":null,"source_transfer":null,"statement_descriptor":null,
        "statement_descriptor_suffix":null,"status":"succeeded","transfer_data":null,"transfer_group":null}
        """).With(
        ("id", SandboxWork.NewId("ch")), ("created", work.Seconds), ("amount", intent.Count("amount")),
        ("currency", intent.Text("currency")), ("customer", intent.Text("customer")),
        ("description", intent.Text("description")), ("payment_intent", intent.Id()),
        ("payment_method", method.Id()), ("metadata", intent["metadata"]!.DeepClone()),
        ("billing_details", method["billing_details"]!.DeepClone()), ("payment_method_details", DetailsOf(method)));

    public static JsonObject Movement(
        SandboxWork work, JsonObject source, string type, string category, long amount, long fee)
    {
        var fees = new JsonArray();
        if (fee != 0)
            fees.Add(new JsonObject
            {
                ["amount"] = fee,
                ["application"] = null,
                ["currency"] = source.Text("currency"),
                ["description"] = "Sandbox fee",
                ["type"] = "stripe_fee",
            });
        return new JsonObject
        {
            ["id"] = SandboxWork.NewId("txn"),
            ["object"] = "balance_transaction",
            ["amount"] = amount,
            ["available_on"] = (work.Now + Duration.FromDays(2)).ToUnixTimeSeconds(),
            ["created"] = work.Seconds,
            ["currency"] = source.Text("currency"),
            ["description"] = source.Text("description"),
            ["exchange_rate"] = null,
            ["fee"] = fee,
            ["fee_details"] = fees,
            ["net"] = amount - fee,
            ["reporting_category"] = category,
            ["source"] = source.Id(),
            ["status"] = "pending",
            ["type"] = type,
        };
    }

    public static JsonObject Refund(SandboxWork work, JsonObject charge, long amount, SandboxForm form) => new()
    {
        ["id"] = SandboxWork.NewId("re"),
        ["object"] = "refund",
        ["amount"] = amount,
        ["balance_transaction"] = null,
        ["charge"] = charge.Id(),
        ["created"] = work.Seconds,
        ["currency"] = charge.Text("currency"),
        ["metadata"] = form.Map("metadata"),
        ["payment_intent"] = charge.Text("payment_intent"),
        ["reason"] = form["reason"],
        ["receipt_number"] = null,
        ["source_transfer_reversal"] = null,
        ["status"] = "succeeded",
        ["transfer_reversal"] = null,
    };

    public static JsonObject Dispute(SandboxWork work, JsonObject charge, long amount) => SandboxJson.Read(
        """
        {"object":"dispute","balance_transactions":[],"evidence":{},"is_charge_refundable":false,"livemode":false,
        "metadata":{},"reason":"fraudulent","status":"needs_response"}
        """).With(
        ("id", SandboxWork.NewId("dp")), ("amount", amount), ("charge", charge.Id()), ("created", work.Seconds),
        ("currency", charge.Text("currency")), ("payment_intent", charge.Text("payment_intent")),
        ("evidence_details", new JsonObject
        {
            ["due_by"] = (work.Now + Duration.FromDays(7)).ToUnixTimeSeconds(),
            ["has_evidence"] = false,
            ["past_due"] = false,
            ["submission_count"] = 0,
        }));

    public static JsonObject Event(SandboxWork work, string type, JsonObject about) => new()
    {
        ["id"] = SandboxWork.NewId("evt"),
        ["object"] = "event",
        ["api_version"] = Version,
        ["created"] = work.Seconds,
        ["data"] = new JsonObject { ["object"] = about },
        ["livemode"] = false,
        ["pending_webhooks"] = 1,
        ["request"] = new JsonObject { ["id"] = null, ["idempotency_key"] = null },
        ["type"] = type,
    };

    static string Named(string name, string? within) => within is null ? name : $"{within}[{name}]";

    static JsonObject DetailsOf(JsonObject method)
    {
        var type = method.Text("type")!;
        var details = method[type]!.DeepClone().AsObject();
        if (type == "card")
        {
            foreach (var name in new[] { "generated_from", "networks", "three_d_secure_usage" }) details.Remove(name);
            details.With(
                ("installments", null), ("mandate", null), ("network", details.Text("brand")), ("network_token", null),
                ("three_d_secure", null));
        }
        return new JsonObject { [type] = details, ["type"] = type };
    }
}

/// <summary>What the payer said of the card's address.</summary>
sealed record SandboxBilling(string Country, string PostalCode, string? Email)
{
    public JsonObject ToJson() => new()
    {
        ["address"] = new JsonObject
        {
            ["city"] = null,
            ["country"] = Country,
            ["line1"] = null,
            ["line2"] = null,
            ["postal_code"] = PostalCode.Length == 0 ? null : PostalCode,
            ["state"] = null,
        },
        ["email"] = Email,
        ["name"] = null,
        ["phone"] = null,
    };
}
