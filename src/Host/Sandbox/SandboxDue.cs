using Microsoft.Extensions.Hosting;

namespace Tollkeeper.Host.Sandbox;

/// <summary>Does by the clock what happens at the sandbox by itself.</summary>
sealed class SandboxDue(SandboxStore store, TimeProvider time) : BackgroundService
{
    public const string Settle = "settle";
    public const string Fail = "fail";
    public const string DisputeToWin = "dispute-to-win";
    public const string DisputeToLose = "dispute-to-lose";
    public const string Dispute = "dispute";
    public const string Win = "win";
    public const string Lose = "lose";
    public const string Expire = "expire";

    public static async Task Run(SandboxStore store)
    {
        foreach (var (merchant, id, deed, no) in await store.Due())
        {
            await Do(store, merchant, id, deed);
            await store.NotDueAgain(no);
        }
    }

    /// <summary>Where it is not possible any more, nothing happens.</summary>
    public static Task Do(SandboxStore store, string merchant, string id, string deed) => store.Do(merchant, work =>
    {
        if (work.Find(id) is not { } about) return false;
        switch (deed)
        {
            case Settle or Fail:
                SandboxMoney.Finish(work, about, deed == Settle);
                break;
            case Dispute:
                SandboxMoney.Dispute(work, about);
                break;
            case DisputeToWin:
                SandboxMoney.Dispute(work, about, SandboxFate.DisputeWon);
                break;
            case DisputeToLose:
                SandboxMoney.Dispute(work, about, SandboxFate.DisputeLost);
                break;
            case Win or Lose:
                SandboxMoney.Decide(work, about, deed == Win);
                break;
            case Expire when about.Text("status") == "open":
                SandboxCheckout.Expire(work, about);
                break;
        }
        return true;
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await Run(store);
        }
        catch (OperationCanceledException)
        {
            // The sandbox ends.
        }
    }
}
