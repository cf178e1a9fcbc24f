using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using NodaTime;
using Tollkeeper.Engine.Charging;

namespace Tollkeeper.Host.Portal;

/// <summary>
/// What one stream says: every figure as its reader writes it, and which lists are to be fetched anew, not too often.
/// </summary>
/// <param name="calls">What <see cref="CallsOf"/> said of the account when the page was made.</param>
sealed class LiveMessages(Locale locale, string accountId, string? calls)
{
    /// <summary>Ids on the pages.</summary>
    static readonly string[] CallLists = ["held-calls", "last-calls"];
    static readonly string[] SpendingParts = ["spending", "lasts-main", "lasts-outbound", "lasts-inbound"];

    static readonly string[] RunningList = ["held-calls"];
    static readonly string[] StatusParts = ["off-notice", "status", "bar-status"];

    /// <summary>What a call that is up may have cost grows by itself.</summary>
    static readonly TimeSpan RunningEvery = TimeSpan.FromSeconds(5);

    static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(5);

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>The same account's figures in the same language are made once, for all streams.</summary>
    static readonly ConditionalWeakTable<LiveAccount, ConcurrentDictionary<Language, string>> Shared = [];

    LiveAccount? told;
    bool callsChanged;
    bool spendingChanged;
    bool statusChanged;
    long listsAt;

    /// <summary>How many calls a page knows of, so that its stream can tell whether its lists are of today.</summary>
    public static string CallsOf(long calls, int running) => $"{calls}.{running}";

    /// <summary>A figure's name here and on the page; those of a second wallet have names of their own.</summary>
    public static string KeyOf(bool first, string wallet, string figure) =>
        first ? figure : $"{wallet}.{figure}";

    /// <summary>Of one switch; those without calls are left out, and the page knows them as 0.</summary>
    public static string ChannelsAt(int switchNo) =>
        string.Create(CultureInfo.InvariantCulture, $"channels.{switchNo}");

    public static string StartedAt(int switchNo) =>
        string.Create(CultureInfo.InvariantCulture, $"started.{switchNo}");

    /// <summary>How long to wait for news before there is something to say all the same.</summary>
    public TimeSpan Patience(TimeSpan heartbeat, TimeSpan listsEvery)
    {
        var changed = callsChanged || spendingChanged || statusChanged;
        if (!changed && told is not { CallsUp: > 0 }) return heartbeat;
        var left = (changed ? listsEvery : RunningSpan(listsEvery)) - Stopwatch.GetElapsedTime(listsAt);
        if (left >= heartbeat) return heartbeat;
        // Timers come a little early: rather once a little late than several times for nothing.
        return (left < TimeSpan.Zero ? TimeSpan.Zero : left) + TimerStep;
    }

    /// <summary>One event of the stream.</summary>
    public string Of(LiveAccount account, Instant at, TimeSpan listsEvery)
    {
        if (!ReferenceEquals(told, account))
        {
            callsChanged |= told is null
                ? calls is not null && calls != CallsOf(account.Calls, account.CallsUp)
                : told.HasOtherCallsThan(account);
            spendingChanged |= told is null ? callsChanged : told.HasOtherSpendingThan(account);
            statusChanged |= told is not null && told.HasOtherStatusThan(account);
        }
        var message = new StringBuilder("data: {\"for\":\"").Append(accountId).Append("\",\"asOf\":")
            .Append(Quoted(locale.Time(at)));
        if (!ReferenceEquals(told, account)) message.Append(",\"figures\":").Append(FiguresOf(account));
        told = account;
        if (listsAt == 0 && listsEvery > Soon) listsAt = SomewhereIn(listsEvery);
        var due = listsAt == 0 || Stopwatch.GetElapsedTime(listsAt) >= listsEvery;
        if (due && (callsChanged || spendingChanged || statusChanged))
        {
            string[] changed =
            [
                .. callsChanged ? CallLists : [], .. spendingChanged ? SpendingParts : [],
                .. statusChanged ? StatusParts : [],
            ];
            message.Append(",\"reload\":").Append(JsonSerializer.Serialize(changed));
            (callsChanged, spendingChanged, statusChanged) = (false, false, false);
            listsAt = Stopwatch.GetTimestamp();
        }
        else if (account.CallsUp > 0 && Stopwatch.GetElapsedTime(listsAt) >= RunningSpan(listsEvery))
        {
            if (listsAt != 0) message.Append(",\"reload\":").Append(JsonSerializer.Serialize(RunningList));
            listsAt = Stopwatch.GetTimestamp();
        }
        return message.Append("}\n\n").ToString();
    }

    /// <summary>Where very many pages are open, those that were opened together do not fetch together.</summary>
    static long SomewhereIn(TimeSpan span) =>
        Stopwatch.GetTimestamp() - (long)(Random.Shared.NextDouble() * span.TotalSeconds * Stopwatch.Frequency);

    static TimeSpan RunningSpan(TimeSpan listsEvery) => listsEvery > RunningEvery ? listsEvery : RunningEvery;

    string FiguresOf(LiveAccount account) =>
        Shared.GetOrCreateValue(account).GetOrAdd(locale.Language, (_, known) => Write(known), account);

    string Write(LiveAccount account)
    {
        var figures = new Dictionary<string, string>
        {
            ["today"] = locale.Charge(new Money(account.TodayMicros, account.Currency)),
            ["month"] = locale.Charge(new Money(account.MonthMicros, account.Currency)),
        };
        figures["channels"] = locale.Number(account.Lines.Sum(line => line.Up));
        figures["started"] = locale.Number(account.Lines.Sum(line => line.Started));
        foreach (var line in account.Lines)
        {
            figures[ChannelsAt(line.SwitchNo)] = locale.Number(line.Up);
            figures[StartedAt(line.SwitchNo)] = locale.Number(line.Started);
        }
        foreach (var wallet in account.Wallets)
        {
            figures[Key("available")] = Text(wallet.AvailableMicros);
            figures[Key("balance")] = Text(wallet.BalanceMicros);
            figures[Key("held")] = Text(
                Locale.ShownHeld(wallet.BalanceMicros, wallet.FloorMicros, wallet.AvailableMicros));
            figures[Key("floor")] = Text(wallet.FloorMicros);

            string Key(string figure) => KeyOf(wallet == account.Wallets[0], wallet.Name, figure);
        }
        return JsonSerializer.Serialize(figures);

        string Text(long micros) => locale.Balance(new Money(micros, account.Currency));
    }

    static string Quoted(string text) => JsonSerializer.Serialize(text);
}
