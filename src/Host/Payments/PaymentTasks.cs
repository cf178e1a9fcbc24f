using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Payments;

namespace Tollkeeper.Host.Payments;

/// <summary>
/// What a serving node does for payments, several times a second: automatic billing, asking gateways, taking cards
/// over, booking. Each may run on every node at once, and none waits for another: a gateway that is slow keeps no money
/// from the books. A failure is logged and comes again.
/// </summary>
sealed class PaymentTasks(Installation installation, ILogger<PaymentTasks> log) : BackgroundService
{
    /// <summary>From a wallet's crossing to the gateway it takes two rounds: half a second.</summary>
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>Accounts of one round.</summary>
    const int AccountsAtOnce = 200;

    /// <summary>Of other things, in one round.</summary>
    const int AtOnce = 20;

    /// <summary>Payments that wait for an answer of a gateway at once.</summary>
    const int MostAsked = 100;

    readonly SemaphoreSlim asked = new(MostAsked);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Every(
            due => due.Automatic, () => installation.AutomaticBilling.Run(AccountsAtOnce, stoppingToken),
            stoppingToken),
        Every(due => due.Payments, () => Ask(stoppingToken), stoppingToken),
        Every(due => due.Cards, () => installation.Cards.Run(AtOnce, stoppingToken), stoppingToken),
        Every(due => due.Refunds, () => installation.Refunds.RunDue(AtOnce, stoppingToken), stoppingToken),
        Every(due => due.Credit || due.Disputes, () => Book(stoppingToken), stoppingToken));

    public override void Dispose()
    {
        asked.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// As many as wait for no answer yet, and at most so many in a round that a gateway's own limit holds.
    /// </summary>
    async Task Ask(CancellationToken ct)
    {
        var free = Math.Min(asked.CurrentCount, AtOnce);
        if (free == 0) return;
        var advance = installation.Payments;
        foreach (var payment in await advance.Take(free, ct))
        {
            await asked.WaitAsync(ct);
            _ = Advance(advance, payment, ct);
        }
    }

    async Task Advance(AdvancePayments advance, Payment payment, CancellationToken ct)
    {
        await Alone(async () =>
        {
            if ((await advance.Advance(payment, ct)).Refused is { } refused)
                HostLog.NotAdvanced(log, payment.Id, Refusals.Of(refused.Refusal).Name);
        });
        asked.Release();
    }

    async Task Book(CancellationToken ct)
    {
        await installation.Credit.Run(
            (payment, refused) => HostLog.NotCredited(log, payment.Id, Refusals.Of(refused.Refusal).Name), ct);
        await installation.Disputes.Run(
            AtOnce,
            (dispute, refused) => HostLog.NotBooked(log, dispute.GatewayId, Refusals.Of(refused.Refusal).Name), ct);
    }

    async Task Every(Func<PaymentsDue, bool> isDue, Func<Task> work, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Between);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                await Alone(async () =>
                {
                    if (!installation.Rules.IsStale && isDue(await Due(ct))) await work();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    async Task<PaymentsDue> Due(CancellationToken ct)
    {
        await using var connection = await installation.Database.Connect(ct);
        return await PaymentsDueStore.At(connection, installation.Clock.GetCurrentInstant());
    }

    /// <summary>One that fails keeps the others from nothing.</summary>
    async Task Alone(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            HostLog.TaskFailed(log, exception);
        }
        catch (OperationCanceledException)
        {
            // The program ends; what was begun is gone on with by the next.
        }
    }
}
