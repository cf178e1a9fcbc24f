using System.Text.Json.Nodes;
using NodaTime;

namespace Tollkeeper.Host.Sandbox;

/// <summary>What happens to a PaymentIntent and its money; each step tells the merchant.</summary>
static class SandboxMoney
{
    const long DisputeFee = 1_500;

    static readonly Duration SlowTime = Duration.FromDays(3);
    static readonly Duration UntilDispute = Duration.FromDays(1);
    static readonly Duration DisputeTime = Duration.FromDays(7);

    /// <summary>Tries to pay with a card, the customer being there or not. Its outcome is the intent's state.</summary>
    public static void Try(SandboxWork work, JsonObject intent, JsonObject method, bool atPage)
    {
        var card = SandboxCard.Of(method.Text("_card"))!;
        intent.With(("payment_method", method.Id()), ("last_payment_error", null), ("_page", atPage));
        var fate = atPage ? card.AtPage : card.Later;
        var enough = method.Count("_declined") >= (card.LaterDeclines ?? int.MaxValue);
        if (!atPage && fate == SandboxFate.Declined && enough) fate = SandboxFate.Good;
        switch (fate)
        {
            case SandboxFate.Declined:
                method["_declined"] = method.Count("_declined") + 1;
                Decline(work, intent, method, card.Code!);
                break;
            case SandboxFate.Confirm:
                intent["status"] = "requires_action";
                work.Tell("payment_intent.requires_action", intent);
                break;
            case SandboxFate.Good or SandboxFate.SlowGood or SandboxFate.SlowBad or SandboxFate.DisputeWon
                or SandboxFate.DisputeLost:
                Agree(work, intent, method);
                break;
        }
    }

    /// <summary>The customer confirmed to the bank, or failed to.</summary>
    public static void Proven(SandboxWork work, JsonObject intent, bool proven)
    {
        if (intent.Text("status") != "requires_action") return;
        var method = work.Find(intent.Text("payment_method"))!;
        if (proven)
        {
            Agree(work, intent, method);
            return;
        }
        Refuse(work, intent, method, SandboxCard.ProofFailed, null);
    }

    public static void Capture(SandboxWork work, JsonObject intent)
    {
        if (intent.Text("status") != "requires_capture") throw SandboxError.State(intent, "capture");
        intent["amount_capturable"] = 0;
        Take(work, intent, work.Find(intent.Text("latest_charge"))!);
    }

    public static void Cancel(SandboxWork work, JsonObject intent)
    {
        if (intent.Text("status") is "succeeded" or "canceled" or "processing")
            throw SandboxError.State(intent, "cancel");
        if (work.Find(intent.Text("latest_charge")) is { } charge && charge.Text("status") == "succeeded")
            charge.With(("refunded", true), ("amount_refunded", charge.Count("amount")));
        intent.With(("status", "canceled"), ("canceled_at", work.Seconds), ("amount_capturable", 0));
        work.Tell("payment_intent.canceled", intent);
    }

    /// <summary>What is under way arrives, or does not.</summary>
    public static void Finish(SandboxWork work, JsonObject intent, bool arrives)
    {
        if (intent.Text("status") != "processing") return;
        var charge = work.Find(intent.Text("latest_charge"))!;
        if (arrives)
        {
            Arrive(work, intent, charge);
            return;
        }
        var code = SandboxCard.Of(work.Find(intent.Text("payment_method"))?.Text("_card"))?.Code ?? "generic_decline";
        charge.With(("status", "failed"), ("paid", false), ("failure_code", code), ("captured", false));
        var error = Error(code, null);
        intent.With(("status", "requires_payment_method"), ("last_payment_error", error), ("payment_method", null));
        work.Tell("payment_intent.payment_failed", intent);
    }

    public static JsonObject Refund(SandboxWork work, SandboxForm form)
    {
        var intent = work.Get(form.Needed("payment_intent"), "payment_intent");
        var charge = work.Find(intent.Text("latest_charge"));
        if (intent.Text("status") != "succeeded" || charge is null)
            throw Unrefundable(null, "This PaymentIntent does not have a successful charge to refund.");
        var left = charge.Count("amount_captured") - charge.Count("amount_refunded");
        if (charge.Is("disputed") && charge.Text("_dispute") != "won")
            throw Unrefundable("charge_disputed", "The charge is disputed.");
        if (left == 0)
            throw Unrefundable("charge_already_refunded", $"Charge {charge.Id()} has already been refunded.");
        var amount = form["amount"] is null ? left : form.Amount("amount");
        if (amount > left)
            throw Unrefundable(null, $"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        var refund = work.Add(SandboxObjects.Refund(work, charge, amount, form), intent.Id());
        refund["balance_transaction"] = Move(work, refund, "refund", "refund", -amount, 0).Id();
        charge.With(("amount_refunded", charge.Count("amount_refunded") + amount), ("refunded", amount == left));
        intent["_refunded"] = charge.Count("amount_refunded");
        work.Tell("charge.refunded", charge);
        work.Tell("charge.refund.updated", refund);
        return refund;
    }

    /// <summary>The payer's bank takes back what was not given back.</summary>
    /// <param name="end">Who gets it in the end, where that is known beforehand.</param>
    public static void Dispute(SandboxWork work, JsonObject intent, SandboxFate? end = null)
    {
        var charge = work.Find(intent.Text("latest_charge"));
        if (intent.Text("status") != "succeeded" || charge is null || charge.Is("disputed")) return;
        var amount = charge.Count("amount_captured") - charge.Count("amount_refunded");
        if (amount == 0) return;
        var dispute = work.Add(SandboxObjects.Dispute(work, charge, amount), intent.Id());
        Append(dispute, Move(work, dispute, "adjustment", "dispute", -amount, DisputeFee));
        charge.With(("disputed", true), ("_dispute", "open"));
        intent["_dispute"] = "open";
        work.Tell("charge.dispute.created", dispute);
        work.Tell("charge.dispute.funds_withdrawn", dispute);
        if (end is { } known)
            work.Later(DisputeTime, intent, known == SandboxFate.DisputeWon ? SandboxDue.Win : SandboxDue.Lose);
    }

    public static void Decide(SandboxWork work, JsonObject intent, bool won)
    {
        var charge = work.Find(intent.Text("latest_charge"));
        if (charge?.Text("_dispute") != "open") return;
        var dispute = work.List("dispute", intent.Id(), 1)[0];
        var end = won ? "won" : "lost";
        (charge["_dispute"], intent["_dispute"], dispute["status"]) = (end, end, end);
        if (won)
        {
            Append(dispute, Move(
                work, dispute, "adjustment", "dispute_reversal", dispute.Count("amount"), -DisputeFee));
            work.Tell("charge.dispute.funds_reinstated", dispute);
        }
        work.Tell("charge.dispute.closed", dispute);
    }

    static void Agree(SandboxWork work, JsonObject intent, JsonObject method)
    {
        var charge = work.Add(SandboxObjects.Charge(work, intent, method), intent.Id());
        charge["outcome"] = Outcome("approved_by_network", null, "authorized", "Payment complete.");
        intent.With(("latest_charge", charge.Id()), ("next_action", null));
        if (intent.Text("capture_method") == "manual")
        {
            intent.With(("status", "requires_capture"), ("amount_capturable", intent.Count("amount")));
            work.Tell("payment_intent.amount_capturable_updated", intent);
        }
        else
        {
            Take(work, intent, charge);
        }
        SandboxCheckout.Agreed(work, intent, method);
    }

    static void Take(SandboxWork work, JsonObject intent, JsonObject charge)
    {
        var fate = SandboxCard.Of(work.Find(intent.Text("payment_method"))?.Text("_card"))!.AtPage;
        if (fate is SandboxFate.SlowGood or SandboxFate.SlowBad)
        {
            charge.With(("status", "pending"), ("paid", false));
            intent.With(("status", "processing"));
            work.Tell("payment_intent.processing", intent);
            work.Later(SlowTime, intent, fate == SandboxFate.SlowGood ? SandboxDue.Settle : SandboxDue.Fail);
            return;
        }
        Arrive(work, intent, charge);
        if (fate == SandboxFate.DisputeWon) work.Later(UntilDispute, intent, SandboxDue.DisputeToWin);
        if (fate == SandboxFate.DisputeLost) work.Later(UntilDispute, intent, SandboxDue.DisputeToLose);
    }

    static void Arrive(SandboxWork work, JsonObject intent, JsonObject charge)
    {
        var amount = intent.Count("amount");
        charge.With(
            ("status", "succeeded"), ("paid", true), ("captured", true), ("amount_captured", amount),
            ("balance_transaction", Move(work, charge, "charge", "charge", amount, FeeOf(amount)).Id()));
        intent.With(("status", "succeeded"), ("amount_received", amount), ("processing", null));
        SandboxCheckout.Paid(work, intent);
        work.Tell("payment_intent.succeeded", intent);
        work.Tell("charge.succeeded", charge);
    }

    static void Decline(SandboxWork work, JsonObject intent, JsonObject method, string code)
    {
        // Stripe's own words for what any bank may say; of the rest the bank's word stands beside "card_declined".
        var own = code is "expired_card" or "incorrect_cvc" or "authentication_required";
        Refuse(work, intent, method, own ? code : "card_declined", code);
    }

    static void Refuse(SandboxWork work, JsonObject intent, JsonObject method, string code, string? bank)
    {
        if (bank is not null)
        {
            var charge = work.Add(SandboxObjects.Charge(work, intent, method), intent.Id());
            charge.With(
                ("status", "failed"), ("paid", false), ("failure_code", code),
                ("failure_message", "Your card was declined."),
                ("outcome", Outcome("declined_by_network", bank, "issuer_declined", "The bank declined.")));
            intent["latest_charge"] = charge.Id();
        }
        intent.With(
            ("status", "requires_payment_method"), ("last_payment_error", Error(code, bank)), ("payment_method", null),
            ("next_action", null));
        work.Tell("payment_intent.payment_failed", intent);
    }

    static JsonObject Error(string code, string? bank)
    {
        var error = new JsonObject
        {
            ["type"] = "card_error",
            ["code"] = code,
            ["message"] = "Your card was declined.",
        };
        if (bank is not null) error["decline_code"] = bank;
        return error;
    }

    static JsonObject Outcome(string network, string? reason, string type, string message) => new()
    {
        ["network_status"] = network,
        ["reason"] = reason,
        ["risk_level"] = "normal",
        ["seller_message"] = message,
        ["type"] = type,
    };

    static JsonObject Move(SandboxWork work, JsonObject source, string type, string category, long amount, long fee)
    {
        var moved = SandboxObjects.Movement(work, source, type, category, amount, fee);
        return work.Add(moved, source.Text("payment_intent"));
    }

    static void Append(JsonObject dispute, JsonObject moved) =>
        dispute["balance_transactions"]!.AsArray().Add(moved.DeepClone());

    /// <summary>2.9 % and 30 of the smallest unit.</summary>
    static long FeeOf(long amount) => (amount * 29 + 500) / 1_000 + 30;

    static SandboxError Unrefundable(string? code, string message) => new(400, "invalid_request_error", code, message);
}
