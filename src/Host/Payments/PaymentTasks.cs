using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tollkeeper.Engine.Payments;

namespace Tollkeeper.Host.Payments;

/// <summary>
/// What a serving node does for payments, several times a second: automatic billing, asking gateways, taking cards
/// over, crediting. Each may run on every node at once; a failure is logged and comes again.
/// </summary>
sealed class PaymentTasks(Installation installation, ILogger<PaymentTasks> log) : BackgroundService
{
    /// <summary>From a wallet's crossing to the gateway it takes two rounds: half a second.</summary>
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>Accounts of one round: a fifth of a second's worth.</summary>
    const int AccountsAtOnce = 200;

    /// <summary>Asked of gateways at once; more waits for the next round, so that their limits hold.</summary>
    const int PaymentsAtOnce = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await Round(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    async Task Round(CancellationToken ct)
    {
        if (installation.Rules.IsStale) return;
        await Alone(() => installation.AutomaticBilling.Run(AccountsAtOnce, ct));
        await Alone(() => installation.Payments.Run(
            PaymentsAtOnce,
            (payment, refused) => HostLog.NotAdvanced(log, payment.Id, Refusals.Of(refused.Refusal).Name), ct));
        await Alone(() => installation.Cards.Run(PaymentsAtOnce, ct));
        await Alone(() => installation.Credit.Run(
            (payment, refused) => HostLog.NotCredited(log, payment.Id, Refusals.Of(refused.Refusal).Name), ct));
        await Alone(() => installation.Refunds.RunDue(PaymentsAtOnce, ct));
        await Alone(() => installation.Disputes.Run(
            PaymentsAtOnce,
            (dispute, refused) => HostLog.NotBooked(log, dispute.GatewayId, Refusals.Of(refused.Refusal).Name), ct));
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
    }
}
