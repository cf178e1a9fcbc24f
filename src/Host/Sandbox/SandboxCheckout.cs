using System.Text.Json.Nodes;

namespace Tollkeeper.Host.Sandbox;

/// <summary>Checkout Sessions: pages at which a customer pays, or leaves a card.</summary>
static class SandboxCheckout
{
    public static JsonObject Create(SandboxWork work, SandboxForm form)
    {
        form.Needed("success_url");
        JsonObject session;
        if (form.Needed("mode") == "setup")
        {
            session = work.Add(SandboxObjects.Session(work, form, null, null));
            var setup = work.Add(SandboxObjects.Setup(work, form));
            session["setup_intent"] = setup.Id();
            setup["_session"] = session.Id();
        }
        else
        {
            const string Item = "line_items[0]";
            var each = form.Amount($"{Item}[price_data][unit_amount]");
            var amount = checked(each * (form.Count($"{Item}[quantity]") ?? 1));
            session = work.Add(
                SandboxObjects.Session(work, form, amount, form.Needed($"{Item}[price_data][currency]")));
            // Made when the customer pays, as Stripe does.
            session["_intent"] = SandboxObjects.Intent(work, form, "payment_intent_data");
            session["_title"] = form[$"{Item}[price_data][product_data][name]"];
        }
        work.Later(SandboxObjects.PageLife, session, SandboxDue.Expire);
        return session;
    }

    public static void Expire(SandboxWork work, JsonObject session)
    {
        if (session.Text("status") != "open")
            throw new SandboxError(
                400, "invalid_request_error", null,
                "Only Checkout Sessions with a status in [\"open\"] can be expired.");
        session["status"] = "expired";
        if (work.Find(session.Text("payment_intent")) is { } intent && intent.Text("status") != "canceled")
            SandboxMoney.Cancel(work, intent);
        work.Tell("checkout.session.expired", session);
    }

    /// <summary>The customer uses a card at the page. What came of it is the session's state.</summary>
    /// <returns>The intent of money or of a card.</returns>
    public static JsonObject Use(SandboxWork work, JsonObject session, SandboxCard card, SandboxBilling billing)
    {
        var method = work.Add(SandboxObjects.Method(work, card, billing));
        session["customer_details"] = new JsonObject
        {
            ["address"] = billing.ToJson()["address"]!.DeepClone(),
            ["email"] = billing.Email,
            ["name"] = null,
            ["phone"] = null,
            ["tax_exempt"] = "none",
            ["tax_ids"] = new JsonArray(),
        };
        if (session.Text("mode") == "setup") return Store(work, session, method, card);
        var intent = work.Find(session.Text("payment_intent")) ?? Begin(work, session);
        if (intent.Text("status") == "requires_action") intent["status"] = "requires_payment_method";
        SandboxMoney.Try(work, intent, method, atPage: true);
        return intent;
    }

    /// <summary>The customer confirmed to the bank, or failed to.</summary>
    public static void Proven(SandboxWork work, JsonObject session, bool proven)
    {
        if (session.Text("mode") != "setup")
        {
            if (work.Find(session.Text("payment_intent")) is { } intent) SandboxMoney.Proven(work, intent, proven);
            return;
        }
        var setup = work.Find(session.Text("setup_intent"))!;
        if (setup.Text("status") != "requires_action") return;
        if (proven) Stored(work, session, setup, work.Find(setup.Text("payment_method"))!);
        else RefuseCard(work, setup, "setup_intent_authentication_failure");
    }

    /// <summary>A page's payment was agreed to.</summary>
    public static void Agreed(SandboxWork work, JsonObject intent, JsonObject method)
    {
        if (work.Find(intent.Text("_session")) is not { } session) return;
        session["status"] = "complete";
        if (intent.Text("status") == "succeeded") session["payment_status"] = "paid";
        work.Tell("checkout.session.completed", session);
    }

    public static void Paid(SandboxWork work, JsonObject intent)
    {
        if (work.Find(intent.Text("_session")) is { } session) session["payment_status"] = "paid";
    }

    /// <summary>Takes a card from whom it belongs to.</summary>
    public static JsonObject Detach(SandboxWork work, JsonObject method)
    {
        if (method.Text("customer") is null)
            throw new SandboxError(
                400, "invalid_request_error", null,
                "The payment method you provided is not attached to a customer so detachment is impossible.");
        method["customer"] = null;
        method["_gone"] = true;
        work.Tell("payment_method.detached", method);
        return method;
    }

    static JsonObject Begin(SandboxWork work, JsonObject session)
    {
        var intent = session["_intent"]!.DeepClone().AsObject();
        intent.With(
            ("amount", session.Count("amount_total")), ("currency", session.Text("currency")),
            ("customer", session.Text("customer")), ("created", work.Seconds), ("_session", session.Id()),
            ("payment_method_types", session["payment_method_types"]!.DeepClone()));
        session["payment_intent"] = intent.Id();
        work.Add(intent, session.Id());
        work.Tell("payment_intent.created", intent);
        return intent;
    }

    static JsonObject Store(SandboxWork work, JsonObject session, JsonObject method, SandboxCard card)
    {
        var setup = work.Find(session.Text("setup_intent"))!;
        setup.With(("payment_method", method.Id()), ("last_setup_error", null));
        if (card.AtPage == SandboxFate.Declined)
        {
            RefuseCard(work, setup, card.Code!);
        }
        else if (card.AtPage == SandboxFate.Confirm)
        {
            setup["status"] = "requires_action";
            work.Tell("setup_intent.requires_action", setup);
        }
        else
        {
            Stored(work, session, setup, method);
        }
        return setup;
    }

    static void Stored(SandboxWork work, JsonObject session, JsonObject setup, JsonObject method)
    {
        if (session.Text("customer") is null)
        {
            var email = session["customer_details"]?.Text("email");
            session["customer"] = work.Add(SandboxObjects.Customer(work, email, new JsonObject())).Id();
        }
        method["customer"] = session.Text("customer");
        setup.With(("customer", session.Text("customer")), ("status", "succeeded"), ("next_action", null));
        session["status"] = "complete";
        work.Tell("payment_method.attached", method);
        work.Tell("setup_intent.succeeded", setup);
        work.Tell("checkout.session.completed", session);
    }

    static void RefuseCard(SandboxWork work, JsonObject setup, string code)
    {
        setup.With(
            ("status", "requires_payment_method"), ("payment_method", null), ("next_action", null),
            ("last_setup_error", new JsonObject
            {
                ["type"] = "card_error",
                ["code"] = code,
                ["message"] = "Your card was declined.",
            }));
        work.Tell("setup_intent.setup_failed", setup);
    }
}
