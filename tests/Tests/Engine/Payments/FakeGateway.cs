using System.Collections.Concurrent;
using NodaTime;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;

namespace Tollkeeper.Tests.Engine.Payments;

/// <summary>When something goes wrong: before the gateway did what it was asked, or after.</summary>
public enum Moment
{
    Before,
    After,
}

/// <summary>The process dies at a step.</summary>
sealed class Died : Exception;

/// <summary>
/// A gateway that remembers what it was asked: to count charges, and to break at any step. It keeps the promises of
/// <see cref="IGateway"/>, which the shared contract test shows of the real ones.
/// </summary>
sealed class FakeGateway(IClock clock) : IGateway
{
    readonly ConcurrentDictionary<string, Asked> payments = new();
    int names;

    sealed record Asked(string Id, string Reference, Money Amount)
    {
        public CardFacts? Agreed { get; set; }
        public PaymentEvent? End { get; set; }
        public int Charges { get; set; }
        public Dictionary<string, Money> Refunds { get; } = [];
    }

    /// <summary>What is to break: the step's name, once before or after it.</summary>
    public (string Step, Moment At, bool Dies)? Trouble { get; set; }

    /// <summary>What becomes of a charge without the customer.</summary>
    public DeclineClass? Declines { get; set; }

    public StoredInstrument? Left { get; set; }

    /// <summary>How often money moved, by our ids.</summary>
    public int ChargesOf(string id) => payments.Values.Where(one => one.Id == id).Sum(one => one.Charges);

    public long RefundedMicros => payments.Values.Sum(one => one.Refunds.Values.Sum(refund => refund.Micros));

    public int Charges => payments.Values.Sum(one => one.Charges);

    public static CardFacts Card { get; } = new("visa", "4242", 12, 2031, "CA", "H2Y 1C6", true, "fp-4242");

    public static StoredInstrument Instrument { get; } = new("cus_1", "pm_1", Card);

    /// <summary>The customer agrees on the page.</summary>
    public void Agree(string reference, CardFacts card) => Of(reference).Agreed = card;

    public Task<Result<HostedPage>> Open(PageOrder order, CancellationToken ct) => Step("open", () =>
    {
        var asked = Ask(order.Id, order.Amount);
        return new HostedPage(asked.Reference, new Uri($"http://gateway.test/{asked.Reference}"));
    });

    public Task<Result<string>> Prepare(ChargeOrder order, CancellationToken ct) =>
        Step("prepare", () => Ask(order.Id, order.Amount).Reference);

    public Task<Result<GatewayView>> Charge(string reference, ChargeOrder order, CancellationToken ct) =>
        Step("charge", () =>
        {
            var asked = Of(reference);
            if (asked.End is not null) return View(asked);
            var now = clock.GetCurrentInstant();
            if (Declines is { } why) asked.End = new PaymentFailed(now, why, "declined");
            else
            {
                asked.Charges++;
                asked.End = new PaymentSettled(now, asked.Amount);
            }
            return View(asked);
        });

    public Task<Result<GatewayView>> Look(string reference, CancellationToken ct) =>
        Step("look", () => View(Of(reference)));

    public Task<Result<GatewayView>> Capture(string reference, string paymentId, CancellationToken ct) =>
        Step("capture", () =>
        {
            var asked = Of(reference);
            if (asked.End is null)
            {
                asked.Charges++;
                asked.End = new PaymentSettled(clock.GetCurrentInstant(), asked.Amount);
            }
            return View(asked);
        });

    public Task<Result<GatewayView>> Cancel(string reference, string paymentId, CancellationToken ct) =>
        Step("cancel", () =>
        {
            var asked = Of(reference);
            asked.End ??= new PaymentCancelled(clock.GetCurrentInstant());
            return View(asked);
        });

    public Task<Result<StoredInstrument?>> Stored(string reference, CancellationToken ct) =>
        Step("stored", () => Left);

    public Task<Result<GatewayView>> Refund(RefundOrder order, CancellationToken ct) => Step("refund", () =>
    {
        var asked = Of(order.Reference);
        asked.Refunds[order.Id] = order.Amount;
        return View(asked);
    });

    public Task<Result<bool>> Forget(StoredInstrument instrument, CancellationToken ct) => Step("forget", () => true);

    public Task<Result<GatewayNews>> Hear(GatewayPost post, CancellationToken ct) =>
        Task.FromResult<Result<GatewayNews>>(Refusal.SignatureWrong);

    public Task<Result<IReadOnlyList<GatewayMovement>>> Movements(Instant from, Instant to, CancellationToken ct) =>
        Task.FromResult(Result<IReadOnlyList<GatewayMovement>>.Of([]));

    Asked Ask(string id, Money amount) => payments.GetOrAdd(
        id, key => new Asked(key, $"ref_{Interlocked.Increment(ref names)}", amount));

    Asked Of(string reference) => payments.Values.First(one => one.Reference == reference);

    GatewayView View(Asked asked)
    {
        var said = new List<GatewaySaid>();
        if (asked.Agreed is { } card)
            said.Add(new($"{asked.Reference}/agreed", new PaymentAuthorized(Instant.MinValue, card), ""));
        if (asked.End is { } end) said.Add(new($"{asked.Reference}/{end.GetType().Name}", end, ""));
        said.AddRange(asked.Refunds.Select(refund => new GatewaySaid(
            $"{asked.Reference}/{refund.Key}",
            new PaymentRefunded(clock.GetCurrentInstant(), refund.Key, refund.Value, false), "")));
        return new GatewayView(
            asked.Reference, asked.Charges > 0 ? $"money_{asked.Reference}" : null, said,
            WaitsForCharge: asked is { End: null, Agreed: null });
    }

    Task<Result<T>> Step<T>(string name, Func<T> work)
    {
        if (Breaks(name, Moment.Before) is { } before) return Task.FromResult<Result<T>>(before);
        var done = work();
        return Breaks(name, Moment.After) is { } after
            ? Task.FromResult<Result<T>>(after)
            : Task.FromResult(Result<T>.Of(done));
    }

    Refusal? Breaks(string step, Moment at)
    {
        if (Trouble is not { } trouble || trouble.Step != step || trouble.At != at) return null;
        Trouble = null;
        return trouble.Dies ? throw new Died() : Refusal.GatewayAway;
    }
}
