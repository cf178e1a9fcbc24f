using System.Collections.Concurrent;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging.Storms;

/// <summary>
/// Switches that never give up: each call is authorized and ended, and what is not answered or may be repeated is sent
/// again, the very same, until it is answered.
/// </summary>
sealed class Callers(Desk desk, string account)
{
    readonly ConcurrentDictionary<string, CallCharged> ended = new(StringComparer.Ordinal);
    int next;
    long answered;
    long repeated;

    public long Answered => Interlocked.Read(ref answered);

    public long Repeated => Interlocked.Read(ref repeated);

    public IReadOnlyDictionary<string, CallCharged> Ended => ended;

    /// <summary>So many callers, each one call after the other, until told to stop.</summary>
    public Task Call(int callers, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await One();
        }, CancellationToken.None)));

    public async Task One()
    {
        var call = $"c{Interlocked.Increment(ref next)}";
        var seconds = 1 + call.GetHashCode(StringComparison.Ordinal) % 100 & 63;
        await Until(() => desk.Start(account, call: call));
        ended[call] = await Until(() => desk.Finish(call, seconds));
    }

    async Task<T> Until<T>(Func<Task<Result<T>>> ask)
    {
        for (var attempt = 0; attempt < 3_000; attempt++)
        {
            var answer = await ask();
            if (answer.Accepted)
            {
                Interlocked.Increment(ref answered);
                return answer.Value;
            }
            Assert.True(
                answer.Refused!.Refusal is Refusal.Busy or Refusal.DatabaseAway,
                $"only what may be repeated is refused, not {answer.Refused}");
            Interlocked.Increment(ref repeated);
            await Task.Delay(20);
        }
        throw new TimeoutException("A minute of repeats was not answered.");
    }

    /// <summary>
    /// Every answered end is in the books once, and the balance is what was put in less what they charged.
    /// </summary>
    public async Task<(long Lost, long Doubled)> Compare(long depositedMicros)
    {
        var wallet = await desk.Wallet(account);
        var charged = ended.Values.Sum(call => call.Total.Micros);
        Assert.Equal(depositedMicros - charged, wallet.BalanceMicros);
        Assert.Equal(0, wallet.HeldMicros);
        return (Math.Max(0, ended.Count - wallet.Calls), Math.Max(0, wallet.Calls - ended.Count));
    }
}
