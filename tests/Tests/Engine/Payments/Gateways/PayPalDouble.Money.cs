using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>Its cases, and the report of what moved.</summary>
public sealed partial class PayPalDouble
{
    readonly List<Case> cases = [];
    readonly List<Moved> moves = [];

    /// <summary>Whether our app at PayPal may see cases.</summary>
    public bool ShowsCases { get; set; } = true;

    /// <summary>How late the report is.</summary>
    public Duration ReportLag { get; set; }

    /// <summary>The most that it tells of one period.</summary>
    public int MostRows { get; set; } = 10_000;

    public long BalanceOf(string currency) =>
        moves.Where(move => move.Currency == currency && move.Status != "P").Sum(move => move.Cents - move.Fee);

    /// <summary>The payer's bank takes all of it back.</summary>
    public void Dispute(string captureId)
    {
        lock (gate)
        {
            var capture = CaptureOf(captureId);
            var opened = new Case($"PP-D-{cases.Count + 4_012}", capture, clock.Now) { Updated = clock.Now };
            cases.Add(opened);
            Move("T1201", NewId(""), -capture.Cents, capture.Currency, capture.Id, 0);
            Move("T0106", NewId(""), -2_000, capture.Currency, capture.Id, 0);
            Post("CUSTOMER.DISPUTE.CREATED", "dispute", Show(opened));
            Post("PAYMENT.CAPTURE.REVERSED", "refund", new JsonObject
            {
                ["id"] = NewId(""),
                ["status"] = "COMPLETED",
                ["amount"] = Amount(capture.Cents, capture.Currency),
                ["create_time"] = Now,
                ["links"] = new JsonArray(Link("up", $"/v2/payments/captures/{capture.Id}")),
            });
        }
    }

    public void Decide(string captureId, string outcome)
    {
        lock (gate)
        {
            var decided = cases.Last(one => one.Capture.Id == captureId);
            (decided.Outcome, decided.Updated) = (outcome, clock.Now);
            if (outcome != "RESOLVED_BUYER_FAVOUR")
                Move("T1202", NewId(""), decided.Capture.Cents, decided.Capture.Currency, captureId, 0);
            Post("CUSTOMER.DISPUTE.RESOLVED", "dispute", Show(decided));
        }
    }

    public void Move(
        string code, string id, long cents, string currency, string? reference, long fee, string status = "S") =>
        moves.Add(new Moved(code, id, clock.Now, cents, currency, reference, fee, status));

    Answer ListCases(string captureId) => !ShowsCases
        ? Problem(403, "NOT_AUTHORIZED", "PERMISSION_DENIED")
        : new Answer(200, new JsonObject
        {
            ["items"] = new JsonArray(
                [
                    .. cases.Where(one => one.Capture.Id == captureId).Select(one => new JsonObject
                    {
                        ["dispute_id"] = one.Id,
                        ["create_time"] = Write(one.Created),
                        ["status"] = StatusOf(one),
                    }),
                ]),
        });

    Answer ShowCase(string id) =>
        cases.Find(one => one.Id == id) is { } found ? new Answer(200, Show(found)) : Missing();

    static string StatusOf(Case one) => one.Outcome is null ? "WAITING_FOR_SELLER_RESPONSE" : "RESOLVED";

    static JsonObject Show(Case one)
    {
        var shown = new JsonObject
        {
            ["dispute_id"] = one.Id,
            ["create_time"] = Write(one.Created),
            ["update_time"] = Write(one.Updated),
            ["status"] = StatusOf(one),
            ["reason"] = "UNAUTHORISED",
            ["dispute_amount"] = Amount(one.Capture.Cents, one.Capture.Currency),
            ["disputed_transactions"] = new JsonArray(
                new JsonObject { ["seller_transaction_id"] = one.Capture.Id }),
        };
        if (one.Outcome is { } outcome) shown["dispute_outcome"] = new JsonObject { ["outcome_code"] = outcome };
        return shown;
    }

    Answer Report(IQueryCollection query)
    {
        var (start, end) = (Time(query["start_date"]), Time(query["end_date"]));
        var (page, size) = (int.Parse($"{query["page"]}"), int.Parse($"{query["page_size"]}"));
        if (end < start || end - start > Duration.FromDays(31) || size > 500)
            return Problem(400, "INVALID_REQUEST", "INVALID_DATE_RANGE");
        var rows = moves.Where(move => move.At >= start && move.At <= end).ToList();
        if (rows.Count > MostRows) return Problem(400, "INVALID_REQUEST", "RESULTSET_TOO_LARGE");
        var shown = rows.Skip((page - 1) * size).Take(size).Select(Show);
        return new Answer(200, new JsonObject
        {
            ["transaction_details"] = new JsonArray([.. shown]),
            ["last_refreshed_datetime"] = Offset(clock.Now - ReportLag),
            ["page"] = page,
            ["total_items"] = rows.Count,
            ["total_pages"] = (rows.Count + size - 1) / size,
        });

        static Instant Time(string? text) => InstantPattern.ExtendedIso.Parse(text!).Value;
    }

    static JsonObject Show(Moved move)
    {
        var about = new JsonObject
        {
            ["transaction_id"] = move.Id,
            ["transaction_event_code"] = move.Code,
            ["transaction_initiation_date"] = Offset(move.At),
            ["transaction_updated_date"] = Offset(move.At),
            ["transaction_amount"] = Amount(move.Cents, move.Currency),
            ["transaction_status"] = move.Status,
        };
        if (move.Fee != 0) about["fee_amount"] = Amount(-move.Fee, move.Currency);
        if (move.Reference is { } reference)
            (about["paypal_reference_id"], about["paypal_reference_id_type"]) = (reference, "TXN");
        return new JsonObject { ["transaction_info"] = about };
    }

    /// <summary>As this report writes it, and nothing else of PayPal's.</summary>
    static string Offset(Instant at) => Write(at).Replace("Z", "+0000", StringComparison.Ordinal);

    sealed record Case(string Id, Captured Capture, Instant Created)
    {
        public Instant Updated { get; set; }
        public string? Outcome { get; set; }
    }

    sealed record Moved(
        string Code, string Id, Instant At, long Cents, string Currency, string? Reference, long Fee, string Status);
}
