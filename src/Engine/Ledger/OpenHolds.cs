using System.Diagnostics;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>What is set aside for one account's calls in progress; holds that expired are not among them.</summary>
/// <param name="Newest">Those let through last come first; at most <see cref="OpenHolds.MostShown"/>.</param>
/// <param name="Count">Of all of them, whether shown or not.</param>
public sealed record HeldCalls(IReadOnlyList<Hold> Newest, int Count)
{
    public static HeldCalls None { get; } = new([], 0);
}

/// <summary>
/// Finds the holds of accounts. Holds have no index by account, because each would make every call dearer. So whoever
/// asks is gathered, one scan answers all who asked until it began, and those who ask meanwhile get the next one. Scans
/// rest three times as long as they took: however many ask, they use a quarter of one connection.
/// </summary>
public sealed class OpenHolds(Database database)
{
    public const int MostShown = 100;

    const int RestsAScan = 3;

    readonly Lock door = new();
    Round? waiting;
    bool scanning;

    /// <summary>How many scans there were.</summary>
    public int Scans { get; private set; }

    public async Task<HeldCalls> Of(long accountNo, CancellationToken ct)
    {
        var found = await Ask(accountNo).WaitAsync(ct);
        return found.GetValueOrDefault(accountNo, HeldCalls.None);
    }

    Task<IReadOnlyDictionary<long, HeldCalls>> Ask(long accountNo)
    {
        lock (door)
        {
            waiting ??= new Round();
            waiting.Accounts.Add(accountNo);
            if (!scanning)
            {
                scanning = true;
                _ = Task.Run(Scan);
            }
            return waiting.Answered;
        }
    }

    async Task Scan()
    {
        while (TakeRound() is { } round)
        {
            var begun = Stopwatch.GetTimestamp();
            await round.Answer(database);
            await Rest(Stopwatch.GetElapsedTime(begun) * RestsAScan);
        }
    }

    Round? TakeRound()
    {
        lock (door)
        {
            var round = waiting;
            waiting = null;
            if (round is null) scanning = false;
            else Scans++;
            return round;
        }
    }

    static async Task Rest(TimeSpan time)
    {
        // A timer's shortest period.
        if (time < TimeSpan.FromMilliseconds(1)) return;
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Everyone who asked before one scan began.</summary>
    sealed class Round
    {
        readonly TaskCompletionSource<IReadOnlyDictionary<long, HeldCalls>> answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HashSet<long> Accounts { get; } = [];

        public Task<IReadOnlyDictionary<long, HeldCalls>> Answered => answer.Task;

        public async Task Answer(Database database)
        {
            try
            {
                var holds = await OpenHoldsStore.Read(database, [.. Accounts]);
                answer.SetResult(holds.GroupBy(hold => hold.AccountNo).ToDictionary(group => group.Key, Held));
            }
            catch (Exception exception)
            {
                answer.SetException(exception);
            }
        }

        static HeldCalls Held(IEnumerable<Hold> holds)
        {
            var all = holds.OrderByDescending(hold => hold.StartedAt).ThenBy(hold => hold.Key.Value).ToList();
            return new HeldCalls(all.Count > MostShown ? all[..MostShown] : all, all.Count);
        }
    }
}
