using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NodaTime;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Brings one batch from its requests to its answers: in one transaction where it can, again where a lock or a lost
/// connection stood in the way (the keys tell what had happened), and one by one where some request's data is refused.
/// </summary>
sealed class BatchRun(BooksStore store, IClock clock, Func<int, DateTimeZone> zoneOf, ILogger log)
{
    /// <summary>
    /// How long a batch is tried again before its requests are refused and may be repeated by who asked.
    /// </summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="maybeCommitted">
    /// A connection was lost at a commit: any of them may be decided already, and only a look under the locks can tell.
    /// Until then none may be told that it was dropped.
    /// </param>
    public async Task Run(List<BookRequest> requests, bool maybeCommitted = false)
    {
        var begun = Stopwatch.GetTimestamp();
        if (!maybeCommitted) DropLate(requests);
        for (var pause = 5; requests.Count > 0; pause = Math.Min(pause * 2, 200))
        {
            try
            {
                await Commit(requests);
                foreach (var request in requests) request.Answer();
                return;
            }
            catch (AccountNotLocked)
            {
                // The request now says which account it needs.
            }
            catch (UndecidedRequest undecided)
            {
                BookkeeperLog.RequestBroke(log, undecided.InnerException!, undecided.Request.GetType().Name);
                undecided.Request.Break(undecided.InnerException!);
                requests.Remove(undecided.Request);
            }
            catch (Exception exception)
            {
                var fault = store.FaultOf(exception);
                if (fault is BatchFault.BadData or BatchFault.Bug)
                {
                    if (await OneByOne(requests, exception, fault, maybeCommitted)) return;
                    continue;
                }
                if (Stopwatch.GetElapsedTime(begun) > Patience)
                {
                    BookkeeperLog.BatchGivenUp(log, exception, requests.Count);
                    foreach (var request in requests)
                        request.Refuse(fault == BatchFault.Away ? Refusal.DatabaseAway : Refusal.Busy);
                    return;
                }
                await Task.Delay(pause);
                maybeCommitted |= fault == BatchFault.Away;
                if (!maybeCommitted) DropLate(requests);
            }
        }
    }

    /// <summary>
    /// Each alone, so that only the guilty one is refused. False when there was one only, and it has its answer.
    /// </summary>
    async Task<bool> OneByOne(
        List<BookRequest> requests, Exception exception, BatchFault fault, bool maybeCommitted)
    {
        if (requests.Count > 1)
        {
            foreach (var request in requests) await Run([request], maybeCommitted);
            return true;
        }
        if (fault == BatchFault.BadData)
        {
            BookkeeperLog.DataRefused(log, exception, requests[0].GetType().Name);
            requests[0].Refuse(Refusal.BadText);
        }
        else
        {
            BookkeeperLog.RequestBroke(log, exception, requests[0].GetType().Name);
            requests[0].Break(exception);
        }
        requests.Clear();
        return false;
    }

    async Task Commit(List<BookRequest> requests)
    {
        var unknown = requests.Where(request => request is { AccountNo: 0, AccountHint: 0, Call: not null })
            .Select(request => request.Call!.Value.Value).ToArray();
        var accounts = unknown.Length == 0 ? [] : await store.AccountsOfCalls(unknown);
        var now = clock.GetCurrentInstant();
        await store.Transact(new BatchKeys(requests, accounts), now, read => Decide(requests, read, now));
    }

    BatchWrites Decide(List<BookRequest> requests, BatchRead read, Instant now)
    {
        var books = new Books(read, now, zoneOf);
        foreach (var request in requests)
        {
            try
            {
                request.Decide(books);
            }
            catch (AccountNotLocked missed)
            {
                request.AccountHint = missed.AccountNo;
                throw;
            }
            catch (Exception exception)
            {
                // It may have changed half of what it wanted to: the batch starts anew without it.
                throw new UndecidedRequest(request, exception);
            }
        }
        return books.Finish();
    }

    static void DropLate(List<BookRequest> requests)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var late in requests
            .Where(request => request.DeadlineTimestamp != 0 && request.DeadlineTimestamp < now))
            late.Refuse(Refusal.Busy);
        requests.RemoveAll(request => request.DeadlineTimestamp != 0 && request.DeadlineTimestamp < now);
    }

    sealed class UndecidedRequest(BookRequest request, Exception inner) : Exception("A request broke its batch.", inner)
    {
        public BookRequest Request => request;
    }
}

static partial class BookkeeperLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A request of kind {Kind} broke and was left out of its batch.")]
    public static partial void RequestBroke(ILogger log, Exception exception, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database refused the data of a request of kind {Kind}.")]
    public static partial void DataRefused(ILogger log, Exception exception, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "A batch of {Count} requests was given up; nothing of it is answered as done.")]
    public static partial void BatchGivenUp(ILogger log, Exception exception, int count);
}
