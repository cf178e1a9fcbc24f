using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Takes payments on: what the customer agreed to is judged by the provider's rules and captured or given up, a stored
/// card is charged, and of what a gateway said nothing it is asked. Any number of nodes may do it; each payment is one
/// node's at a time, and what a node that died had begun is gone on with by asking the gateway first.
/// </summary>
public sealed class AdvancePayments(Database database, RulesInForce rules, GatewaysInForce gateways, IClock clock)
{
    readonly ReceivePaymentEvent receive = new(database, clock);

    /// <param name="most">At once; as many as the gateways take in the time between two runs.</param>
    /// <param name="onRefused">Told of each that could not be taken on now, and keeps no other back.</param>
    /// <returns>How many were due.</returns>
    public async Task<int> Run(int most, Action<Payment, Refused>? onRefused = null, CancellationToken ct = default)
    {
        var due = await Take(most, ct);
        await Task.WhenAll(due.Select(async payment =>
        {
            if ((await Advance(payment, ct)).Refused is { } refused) onRefused?.Invoke(payment, refused);
        }));
        return due.Count;
    }

    /// <summary>Takes those that are due: for a while they are whose they are taken by.</summary>
    public Task<IReadOnlyList<Payment>> Take(int most, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        return database.InTransaction(
            (connection, transaction) => PaymentStore.TakeDue(
                connection, transaction, now, now + PaymentPatience.Turn, most), ct);
    }

    /// <summary>One step; refusals are those of <see cref="IGateway"/>.</summary>
    public async Task<Result<Payment>> Advance(Payment payment, CancellationToken ct = default)
    {
        if (GatewayKinds.Named(payment.Gateway) is null || !payment.IsOpen)
        {
            await SetNext(payment.No, null, ct);
            return payment;
        }
        var gateway = await gateways.Of(payment.ProviderNo, payment.Gateway, ct);
        if (gateway.Refused is { } none) return none;
        var view = payment.State == PaymentState.Authorized
            ? await Decide(gateway.Value, payment, ct)
            : await LookOrCharge(gateway.Value, payment, ct);
        // A stored card that is gone at the gateway will not come back: the customer is asked for another.
        if (view.Refused is { Refusal: Refusal.GatewayRefused } no
            && payment is { IsAutomatic: true, State: PaymentState.Initiated })
            return await receive.Run(
                payment.No,
                new GatewaySaid(
                    $"refused/{payment.Id}",
                    new PaymentFailed(clock.GetCurrentInstant(), DeclineClass.FixFirst, "gateway_refused"),
                    no.Detail ?? ""),
                ct);
        if (view.Refused is { } refused) return refused;
        if (view.Value is null) return await NeverOpened(payment, ct);
        var known = await receive.Run(payment.No, view.Value, ct);
        if (known.State == payment.State)
            await SetNext(payment.No, PaymentPatience.NextLook(known, clock.GetCurrentInstant()), ct);
        return known;
    }

    /// <summary>Null: the gateway never knew of it, and never will.</summary>
    async Task<Result<GatewayView?>> LookOrCharge(IGateway gateway, Payment payment, CancellationToken ct)
    {
        if (payment.Reference is null && !payment.IsAutomatic) return (GatewayView?)null;
        if (payment.Reference is null)
            return Maybe(await new ChargeCard(database, clock).Run(gateway, payment, ct));
        var seen = await gateway.Look(payment.Reference, ct);
        if (seen.Refused is { } refused) return refused;
        if (seen.Value.WaitsForCharge && payment.IsAutomatic)
            return Maybe(await new ChargeCard(database, clock).Run(gateway, payment, ct));
        var isOld = payment.CreatedAt + PaymentPatience.PageLife < clock.GetCurrentInstant();
        return isOld && payment.State == PaymentState.Initiated && seen.Value.Said.Count == 0
            ? Maybe(await gateway.Cancel(payment.Reference, payment.Id, ct))
            : seen.Value;
    }

    /// <summary>What the customer agreed to is taken, unless the provider does not take that card from there.</summary>
    async Task<Result<GatewayView?>> Decide(IGateway gateway, Payment payment, CancellationToken ct)
    {
        var policy = rules.Providers.PolicyOf(payment.ProviderNo, clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        await using var connection = await database.Connect(ct);
        var card = (await PaymentEventStore.Facts(connection, null, payment.No)).Card;
        var deposit = await DepositStore.Read(connection, null, payment.DepositNo);
        var profile = await ProfileStore.Find(connection, null, payment.AccountNo);
        var problem = card is null || payment.IsAutomatic
            ? null
            : PaymentOffer.CardProblem(policy.Value.Policy.Payments, profile.BillingAddress, card, automatic: false);
        // The document has other taxes since this page was opened.
        if (deposit.Total != payment.Asked) problem ??= Refusal.QuoteChanged;
        // Another page of a deposit that is paid already, is being paid, or was cancelled: nothing is taken.
        if (problem is null && !await Claim(payment, ct)) problem = Refusal.DepositEnded;
        if (problem is null) return Maybe(await gateway.Capture(payment.Reference!, payment.Id, ct));
        var given = await gateway.Cancel(payment.Reference!, payment.Id, ct);
        if (given.Refused is { } notGiven) return notGiven;
        return given.Value with { Said = [.. given.Value.Said, Refused(payment, problem)] };
    }

    /// <summary>Of several payments of one deposit one is captured.</summary>
    Task<bool> Claim(Payment payment, CancellationToken ct) => database.InTransaction(
        (connection, transaction) => DepositStore.Claim(connection, transaction, payment.DepositNo, payment.No), ct);

    /// <summary>Why nothing was taken, for whoever looks.</summary>
    GatewaySaid Refused(Payment payment, Refused why)
    {
        var word = Refusals.Of(why.Refusal).Name;
        return new GatewaySaid(
            $"judged/{payment.Id}/{word}",
            new PaymentFailed(clock.GetCurrentInstant(), DeclineClass.FixFirst, word), "");
    }

    async Task<Result<Payment>> NeverOpened(Payment payment, CancellationToken ct) =>
        await receive.Run(
            payment.No,
            new GatewaySaid($"unopened/{payment.Id}", new PaymentCancelled(clock.GetCurrentInstant()), ""), ct);

    static Result<GatewayView?> Maybe(Result<GatewayView> view) =>
        view.Refused is { } refused ? refused : (GatewayView?)view.Value;

    async Task SetNext(long paymentNo, Instant? at, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        await PaymentStore.SetNext(connection, null, paymentNo, at);
    }
}
