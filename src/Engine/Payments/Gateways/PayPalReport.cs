using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Engine.Payments.Gateways;

/// <summary>
/// What moved on a balance at PayPal, by its transaction search. A movement shows there up to three hours late; how far
/// the report reaches, PayPal tells, and a period that it does not reach yet is refused.
/// </summary>
sealed class PayPalReport(PayPalApi api, IClock clock)
{
    const int PageSize = 500;

    /// <summary>PayPal's own limit of what it answers to one question.</summary>
    const int MostPages = 20;
    static readonly Duration Longest = Duration.FromDays(31);
    static readonly Duration Shortest = Duration.FromMinutes(1);

    public async Task<Result<IReadOnlyList<GatewayMovement>>> Read(Instant from, Instant to, CancellationToken ct)
    {
        var found = new List<GatewayMovement>();
        for (var start = from; start < to;)
        {
            var end = Instant.Min(to, start + Longest);
            var read = await Part(start, end, found, ct);
            if (read.Refused is { } refused) return refused;
            start = end;
        }
        return found;
    }

    /// <summary>Halves a period of which PayPal says that too much moved in it.</summary>
    async Task<Result<bool>> Part(Instant from, Instant to, List<GatewayMovement> into, CancellationToken ct)
    {
        var read = await Pages(from, to, into, ct);
        if (read.Refused is not { Refusal: Refusal.GatewayRefused, Detail: "RESULTSET_TOO_LARGE" } tooMuch) return read;
        if (to - from < Shortest) return tooMuch;
        var middle = from + (to - from) / 2;
        var first = await Part(from, middle, into, ct);
        return first.Accepted ? await Part(middle, to, into, ct) : first;
    }

    async Task<Result<bool>> Pages(Instant from, Instant to, List<GatewayMovement> into, CancellationToken ct)
    {
        var found = new List<GatewayMovement>();
        for (var page = 1; page <= MostPages; page++)
        {
            // PayPal's end belongs to the period, ours does not.
            var query = string.Create(
                CultureInfo.InvariantCulture,
                $"start_date={Write(from)}&end_date={Write(to - Duration.FromMilliseconds(1))}&fields=transaction_info"
                + $"&balance_affecting_records_only=Y&page_size={PageSize}&page={page}");
            var read = PayPalAnswer.Read(
                await api.Get($"/v1/reporting/transactions?{query}", ct),
                body => (
                    Last: body.GetProperty("total_pages").GetInt32(),
                    Reaches: PayPalAnswer.InstantOf(body.Need("last_refreshed_datetime")),
                    Rows: body.Each("transaction_details").Select(Movement).OfType<GatewayMovement>().ToList()));
            if (read.Refused is { } refused) return refused;
            if (read.Value.Reaches < Instant.Min(to, clock.GetCurrentInstant()))
                return new Refused(Refusal.GatewayAway, $"PayPal's report reaches to {read.Value.Reaches} only.");
            found.AddRange(read.Value.Rows);
            if (page < read.Value.Last) continue;
            into.AddRange(found);
            return true;
        }
        return new Refused(Refusal.GatewayRefused, "RESULTSET_TOO_LARGE");
    }

    static string Write(Instant at) =>
        Uri.EscapeDataString(InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'").Format(at));

    /// <summary>Null for what has not moved: it is pending, or was denied.</summary>
    static GatewayMovement? Movement(JsonElement row)
    {
        var about = row.GetProperty("transaction_info");
        if (about.Text("transaction_status") is "P" or "D") return null;
        var (id, gross) = (about.Need("transaction_id"), about.Amount("transaction_amount"));
        var kind = KindOf(about.Need("transaction_event_code"), gross);
        var fee = about.TryGetProperty("fee_amount", out var kept)
            ? -PayPalAnswer.AmountOf(kept)
            : Money.Zero(gross.Currency);
        var money = kind == MovementKind.Payment ? id
            : about.Text("paypal_reference_id_type") == "TXN" ? about.Text("paypal_reference_id") : null;
        return new GatewayMovement(
            id, kind, PayPalAnswer.InstantOf(about.Need("transaction_initiation_date")), money, gross, fee);
    }

    /// <summary>PayPal's codes: two digits of a group, two of the kind in it.</summary>
    static MovementKind KindOf(string code, Money gross) => code switch
    {
        "T1107" => MovementKind.Refund,
        "T1108" or "T1109" => MovementKind.Fee,
        "T1106" or "T1110" or "T1111" or "T1201" or "T1202" or "T1205" => MovementKind.Dispute,
        ['T', '0', '0', ..] when gross.Micros > 0 => MovementKind.Payment,
        ['T', '0', '1', ..] => MovementKind.Fee,
        ['T', '0', '4', ..] => MovementKind.Payout,
        _ => MovementKind.Other,
    };
}
