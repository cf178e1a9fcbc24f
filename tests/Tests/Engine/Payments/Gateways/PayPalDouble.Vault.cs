using System.Text.Json.Nodes;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>Its vault: payers who agreed to pay without being there.</summary>
public sealed partial class PayPalDouble
{
    readonly Dictionary<string, Setup> setups = [];
    readonly Dictionary<string, LeftCard> vaulted = [];

    /// <summary>Somebody at the page agrees to be charged later.</summary>
    public void Agree(string setup, LeftCard card)
    {
        lock (gate) (setups[setup].Status, setups[setup].Card) = ("APPROVED", card);
    }

    public int Vaulted => vaulted.Count;

    static string? RefusalOf(LeftCard card) => card switch
    {
        LeftCard.LacksMoney => "INSTRUMENT_DECLINED",
        LeftCard.Expired => "REFERENCED_CARD_EXPIRED",
        LeftCard.Lost => "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
        LeftCard.WantsCustomer => "PAYER_ACTION_REQUIRED",
        _ => null,
    };

    Answer CreateSetup(JsonNode body)
    {
        if ($"{body["payment_source"]?["paypal"]?["usage_type"]}" != "MERCHANT")
            return Problem(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER");
        var setup = new Setup(NewId(""), body["customer"]?["id"] is { } id ? $"{id}" : NewId("C"));
        setups[setup.Id] = setup;
        return new Answer(201, Show(setup));
    }

    Answer ShowSetup(string id) => setups.TryGetValue(id, out var setup) ? new Answer(200, Show(setup)) : Missing();

    Answer Exchange(JsonNode body)
    {
        var token = body["payment_source"]?["token"];
        if ($"{token?["type"]}" != "SETUP_TOKEN" || !setups.TryGetValue($"{token!["id"]}", out var setup))
            return Problem(404, "RESOURCE_NOT_FOUND", "TOKEN_NOT_FOUND");
        if (setup.Status != "APPROVED") return Unable("SETUP_TOKEN_NOT_APPROVED");
        setup.Status = "VAULTED";
        var id = NewId("").ToLowerInvariant();
        vaulted[id] = setup.Card;
        Post("VAULT.PAYMENT-TOKEN.CREATED", "payment_token", new JsonObject { ["id"] = id });
        return new Answer(201, new JsonObject
        {
            ["id"] = id,
            ["customer"] = new JsonObject { ["id"] = setup.Customer },
            ["payment_source"] = new JsonObject
            {
                ["paypal"] = new JsonObject
                {
                    ["email_address"] = "ana@example.com",
                    ["payer_id"] = "MDZ2FQWZZTRHW",
                    ["account_id"] = "MDZ2FQWZZTRHW",
                    ["address"] = new JsonObject { ["country_code"] = "CA", ["postal_code"] = "H2X 1Y4" },
                },
            },
            ["links"] = new JsonArray(Link("self", $"/v3/vault/payment-tokens/{id}")),
        });
    }

    Answer Forget(string id)
    {
        if (!vaulted.Remove(id)) return Missing();
        Post("VAULT.PAYMENT-TOKEN.DELETED", "payment_token", new JsonObject { ["id"] = id });
        return new Answer(204, null);
    }

    JsonObject Show(Setup setup) => new()
    {
        ["id"] = setup.Id,
        ["status"] = setup.Status,
        ["customer"] = new JsonObject { ["id"] = setup.Customer },
        ["payment_source"] = new JsonObject { ["paypal"] = new JsonObject { ["usage_type"] = "MERCHANT" } },
        ["links"] = new JsonArray(
            Link("approve", $"/agreements/approve?approval_session_id={setup.Id}"),
            Link("self", $"/v3/vault/setup-tokens/{setup.Id}")),
    };

    sealed record Setup(string Id, string Customer)
    {
        public string Status { get; set; } = "PAYER_ACTION_REQUIRED";
        public LeftCard Card { get; set; }
    }
}
