using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>How PayPal writes what it answers.</summary>
static class PayPalAnswer
{
    /// <summary>
    /// What an answer says. Refusals: <see cref="Refusal.GatewayRefused"/> with PayPal's word for it, and
    /// <see cref="Refusal.GatewayAway"/> for what is not written as agreed: nobody knows then what was done.
    /// </summary>
    public static Result<T> Read<T>(Result<GatewayReply> reply, Func<JsonElement, T> read)
    {
        if (reply.Refused is { } away) return away;
        if (!reply.Value.IsSuccess) return new Refused(Refusal.GatewayRefused, Issue(reply.Value));
        try
        {
            return read(reply.Value.Body);
        }
        catch (Exception odd) when (IsOdd(odd))
        {
            return new Refused(Refusal.GatewayAway, $"PayPal answered what cannot be read: {odd.Message}");
        }
    }

    /// <summary>What reading throws where something is missing or of another kind.</summary>
    public static bool IsOdd(Exception thrown) =>
        thrown is KeyNotFoundException or InvalidOperationException or FormatException;

    /// <summary>PayPal's word for why it did not do what it was asked.</summary>
    public static string Issue(GatewayReply reply) =>
        reply.Body.Each("details").Select(one => one.Text("issue")).FirstOrDefault(one => one is not null)
        ?? reply.Body.Text("name") ?? reply.Body.Text("error") ?? $"HTTP {(int)reply.Status}";

    public static string Need(this JsonElement of, string name) =>
        of.Text(name) ?? throw new FormatException($"There is no {name}.");

    public static string? Link(this JsonElement of, params IEnumerable<string> relations) =>
        of.Each("links").FirstOrDefault(link => relations.Contains(link.Text("rel"))).Text("href");

    public static Money Amount(this JsonElement of, string name = "amount") => AmountOf(of.GetProperty(name));

    public static Money AmountOf(JsonElement amount) =>
        Currency.TryParse(amount.Need("currency_code"), out var currency)
        && Money.TryParse(amount.Need("value"), currency, out var money)
            ? money
            : throw new FormatException($"'{amount}' is no amount.");

    /// <summary>When it last changed, or where that is not told, when it came to be.</summary>
    public static Instant Time(this JsonElement of) =>
        InstantOf(of.Text("update_time") ?? of.Need("create_time"));

    public static Instant InstantOf(string text)
    {
        // Reports write the offset without a colon, all else with one or as Z.
        var colon = text.Length > 5 && text[^5] is '+' or '-' ? text.Insert(text.Length - 2, ":") : text;
        return OffsetDateTimePattern.Rfc3339.Parse(colon).GetValueOrThrow().ToInstant();
    }
}
