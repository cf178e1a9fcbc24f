using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging.Model;

/// <summary>
/// The plain model that the engine is held against: dictionaries, one request after the other, prices by counting up.
/// It shares no rule with the engine. Answers are short texts; "no X" is a refusal.
/// </summary>
public sealed class ModelBooks(bool perSwitch, bool taxes)
{
    const int Quota = 300;
    const int LongestCall = 14_400;
    const int RingAndGrace = 240;
    const int Grace = 60;
    const long QueryFee = 8_000;

    static readonly Instant SecondQuarter = Instant.FromUtc(2026, 4, 1, 4, 0);

    public Dictionary<string, ModelAccount> Accounts { get; private init; } = [];
    public Dictionary<string, ModelCall> Calls { get; private init; } = [];
    Dictionary<string, Instant> Marks { get; init; } = [];
    Dictionary<string, (string Content, string Answer)> Keys { get; init; } = [];

    public ModelBooks Copy() => new(perSwitch, taxes)
    {
        Accounts = Accounts.ToDictionary(each => each.Key, each => each.Value.Copy()),
        Calls = new(Calls),
        Marks = new(Marks),
        Keys = new(Keys),
    };

    public long Held(string account, ModelWallet wallet) => Calls.Values
        .Where(call => !call.Ended && call.Account == account
            && Accounts[account].WalletOf(call.Direction).Name == wallet.Name)
        .Sum(call => call.Held);

    long Available(ModelAccount account, ModelWallet wallet, Instant at) =>
        wallet.Balance - wallet.FloorAt(at) - Held(account.Id, wallet);

    public string Authorize(string account, string at, string call, Directions direction, string to, Instant now)
    {
        var asked = $"{account} {direction} {to}";
        var key = at + " " + call;
        if (Calls.TryGetValue(key, out var known))
        {
            if (known.Ended || known.Expired) return "no CallEnded";
            return known.Asked == asked ? known.FirstAnswer : "no RepeatedDifferently";
        }
        if (Marks.TryGetValue(key, out var until) && until > now) return "no EndedBeforeAuthorize";
        var who = Accounts[account];
        var wallet = who.WalletOf(direction);
        if (to[0] == '*')
            return Let(LongestCall, 0, final: false, LongestCall, new ModelRate(0, 1, 1, Billable: false, 0));
        if ((who.Blocks & direction) != Directions.None) return "no AccountSuspended";
        if (direction == Directions.Outbound
            && wallet.Balance <= wallet.FloorAt(now)) return "no InsufficientFundsStatus";
        if (Admit(who, at, now) is { } limited) return limited;
        if (RateOf(who, direction, to, now, out var rate) is { } noRate) return noRate;
        if (Afford(rate!, 0, 0, Available(who, wallet, now)) is not var (seconds, final)) return "no InsufficientFunds";
        return Let(seconds, rate!.Total(seconds), final, RenewAt(0, seconds), rate);

        string Let(int granted, long held, bool final, int renewIn, ModelRate terms)
        {
            var answer = Answers.Grant(terms.Billable, granted, renewIn, final, held);
            Calls[key] = new ModelCall
            {
                Account = account,
                Switch = at,
                Direction = direction,
                Rate = terms,
                Asked = asked,
                FirstAnswer = answer,
                Granted = granted,
                Held = held,
                Expires = now + Duration.FromSeconds(granted + RingAndGrace),
            };
            Solvent(who, wallet, now, held);
            return answer;
        }
    }

    public string Renew(string at, string call, int elapsed, Instant now)
    {
        if (!Calls.TryGetValue(at + " " + call, out var known)) return "no UnknownCall";
        if (known.Ended) return "no CallEnded";
        if (known.Renewals.TryGetValue(elapsed, out var before)) return before;
        if (!known.Rate.Billable) return known.FirstAnswer;
        if (known.Expired) return "no CallEnded";
        var who = Accounts[known.Account];
        if ((who.Blocks & known.Direction) != Directions.None) return "no AccountSuspended";
        if (known.Granted >= LongestCall) return "no CallTooLong";
        var wallet = who.WalletOf(known.Direction);
        var available = Available(who, wallet, now);
        if (Afford(known.Rate, known.Granted, known.Held, available) is not var (seconds,
            final)) return "no InsufficientFunds";
        var held = known.Rate.Total(seconds);
        var answer = Answers.Grant(billable: true, seconds, RenewAt(known.Granted, seconds), final, held);
        var end = now + Duration.FromSeconds(seconds - elapsed + Grace);
        Calls[at + " " + call] = known with
        {
            Granted = seconds,
            Held = held,
            Expires = end > known.Expires ? end : known.Expires,
            Renewals = new Dictionary<int, string>(known.Renewals) { [elapsed] = answer },
        };
        Solvent(who, wallet, now, held - known.Held);
        return answer;
    }

    public string End(string at, string call, int seconds, string disposition, Instant now)
    {
        var told = $"{seconds} {disposition}";
        if (!Calls.TryGetValue(at + " " + call, out var known))
        {
            Marks[at + " " + call] = now + Duration.FromMinutes(10);
            return "no UnknownCall";
        }
        if (known.Ended) return known.Told == told ? known.EndAnswer : "no RepeatedDifferently";
        var billed = Math.Min(seconds, known.Granted);
        var wallet = Accounts[known.Account].WalletOf(known.Direction);
        Charge(wallet, known.Rate, billed);
        var answer = Answers.Charged(
            known.Rate.Billed(billed), seconds - billed, known.Rate.Charge(billed), known.Rate.Tax(billed),
                wallet.Balance);
        Calls[at + " " + call] = known with { Ended = true, Held = 0, Told = told, EndAnswer = answer };
        return answer;
    }

    public string Import(
        string account, string at, string call, Directions direction, string to, int seconds, Instant now)
    {
        var told = $"import {account} {direction} {to} {seconds}";
        if (Calls.TryGetValue(at + " " + call, out var known))
        {
            if (!known.Ended && !known.Expired) return "no CallInProgress";
            if (known.Account != account) return "no RepeatedDifferently";
            if (known.Ended)
            {
                var same = known.Told == told || known.Told == $"{seconds} Answered";
                return same ? "Repeated" : "no RepeatedDifferently";
            }
            End(at, call, seconds, "Answered", now);
            return "Accepted";
        }
        var who = Accounts[account];
        var free = to[0] == '*';
        ModelRate? rate = new(0, 1, 1, Billable: false, 0);
        if (!free && RateOf(who, direction, to, now - Duration.FromSeconds(seconds),
            out rate) is { } noRate) return noRate;
        Charge(who.WalletOf(direction), rate!, seconds);
        Calls[at + " " + call] = new ModelCall
        {
            Account = account,
            Switch = at,
            Direction = direction,
            Rate = rate!,
            Asked = "",
            FirstAnswer = "",
            Ended = true,
            Told = told,
        };
        return "Accepted";
    }

    public int Expire(Instant now)
    {
        var due = Calls.Where(each => each.Value is { Ended: false, Expired: false }
            && each.Value.Expires <= now).ToList();
        foreach (var (key, call) in due) Calls[key] = call with { Expired = true, Held = 0 };
        return due.Count;
    }

    public string Query(string account, string query, string number, Instant now) =>
        Once("query " + query, $"{account} {number}", () =>
        {
            var who = Accounts[account];
            var wallet = who.WalletOf(Directions.Inbound);
            if (QueryFee > Available(who, wallet, now)) return "no InsufficientFunds";
            Post(wallet, -QueryFee);
            return $"{QueryFee} {wallet.Balance}";
        });

    public string Move(string account, int walletNo, bool raises, long micros, string key, Instant now) =>
        Once($"{(raises ? "deposit" : "debit")} {key}", $"{account} {walletNo} {micros}", () =>
        {
            var who = Accounts[account];
            var wallet = who.Wallets[walletNo];
            if (!raises && micros > Available(who, wallet, now)) return "no InsufficientFunds";
            Post(wallet, raises ? micros : -micros);
            return $"{wallet.Entries.Count} {wallet.Balance}";
        });

    public string Transfer(string account, int fromNo, long micros, string key, Instant now)
    {
        var who = Accounts[account];
        if (who.Wallets.Count == 1) return "no UnknownAccount";
        return Once($"transfer {account} {key}", $"{fromNo} {micros}", () =>
        {
            var (from, to) = (who.Wallets[fromNo], who.Wallets[1 - fromNo]);
            if (micros > Available(who, from, now)) return "no InsufficientFunds";
            Post(from, -micros, final: true);
            Post(to, micros, final: true);
            return $"{from.Entries.Count} {from.Balance}";
        });
    }

    public string Limit(string account, long micros, Instant? from, Instant? until, string key, Instant now)
    {
        var who = Accounts[account];
        if (who.Type == AccountType.Prepaid && micros != 0) return "no BadAmount";
        return Once("limit " + key, $"{account} {micros} {from?.ToUnixTimeTicks()} {until?.ToUnixTimeTicks()}", () =>
        {
            if (until <= now) return "no BadInstant";
            var wallet = who.Wallets[0];
            wallet.Floors.Add((from is { } set && set > now ? set : now, until, -micros));
            return $"{wallet.Entries.Count} {wallet.Balance}";
        });
    }

    public string Reverse(string account, int walletNo, int seq)
    {
        var wallet = Accounts[account].Wallets[walletNo];
        if (seq > wallet.Entries.Count) return "no UnknownEntry";
        if (wallet.Entries[seq - 1].Final) return "no NothingToReverse";
        return Once($"reverse {account} {walletNo} {seq}", "", () =>
        {
            Post(wallet, -wallet.Entries[seq - 1].Amount, final: true);
            return $"{wallet.Entries.Count} {wallet.Balance}";
        });
    }

    public string Suspend(string account, string reason, Directions blocks) =>
        Accounts[account].Suspensions.TryAdd(reason, blocks) ? "done" : "no AlreadyExists";

    public string Clear(string account, string reason)
    {
        Accounts[account].Suspensions.Remove(reason);
        return "done";
    }

    string Once(string key, string content, Func<string> work)
    {
        if (Keys.TryGetValue(key, out var kept)) return kept.Content == content ? kept.Answer : DifferentlyOf(key);
        var answer = work();
        if (!answer.StartsWith("no ", StringComparison.Ordinal)) Keys[key] = (content, answer);
        return answer;
    }

    static string DifferentlyOf(string key) =>
        key.StartsWith("reverse", StringComparison.Ordinal) ? "no AlreadyReversed" : "no RepeatedDifferently";

    /// <summary>A full second refills the bucket; a call takes one; a refused one takes none.</summary>
    string? Admit(ModelAccount who, string at, Instant now)
    {
        var bucket = perSwitch ? at : "";
        var full = who.CallsPerSecond * 1_000_000L;
        var left = full;
        if (who.Buckets.TryGetValue(bucket, out var last))
        {
            var micros = Math.Min((now - last.At).BclCompatibleTicks / 10, 1_000_000);
            left = Math.Min(full, last.MillionthsLeft + micros * who.CallsPerSecond);
        }
        if (left < 1_000_000) return "no CpsExceeded";
        who.Buckets[bucket] = (left - 1_000_000, now);
        var up = Calls.Values.Count(call => call is { Ended: false, Expired: false, Rate.Billable: true }
            && call.Account == who.Id && (!perSwitch || call.Switch == at));
        return up < who.Channels ? null : "no ChannelsExceeded";
    }

    string? RateOf(ModelAccount who, Directions direction, string to, Instant at, out ModelRate? rate)
    {
        rate = null;
        if (to.EndsWith('x')) return "no BadNumber";
        if (to.StartsWith("+999", StringComparison.Ordinal)) return "no DestinationBlocked";
        var tax = taxes && who.Taxed && direction == Directions.Outbound ? at < SecondQuarter ? 376_000 : 370_000 : 0;
        if (to.StartsWith("+1", StringComparison.Ordinal)) rate = new ModelRate(5_000_000, 60, 60, Billable: true, tax);
        else if (to.StartsWith("+44", StringComparison.Ordinal)) rate =
            new ModelRate(60_000_000, 1, 1, Billable: true, tax);
        else if (to.StartsWith("+870", StringComparison.Ordinal)) rate =
            new ModelRate(450_000_000, 6, 6, Billable: true, tax);
        return rate is null ? "no NoRate" : null;
    }

    /// <summary>Counts increments up while the money lasts; null where not even the next one fits.</summary>
    static (int Seconds, bool Final)? Afford(ModelRate rate, int granted, long held, long available)
    {
        var wanted = Math.Min(granted + Quota, LongestCall);
        var money = held + Math.Max(0, available);
        if (rate.Total(wanted) <= money) return (wanted, false);
        var fits = 0;
        for (var length = rate.First; length < wanted && rate.Total(length) <= money; length += rate.Next) fits =
            length;
        return fits > granted ? (fits, true) : null;
    }

    static int RenewAt(int before, int granted) => before + ((granted - before) * 4 + 4) / 5;

    static void Charge(ModelWallet wallet, ModelRate rate, int seconds)
    {
        if (rate.Total(seconds) > 0) Post(wallet, -rate.Total(seconds));
    }

    static void Post(ModelWallet wallet, long amount, bool final = false)
    {
        wallet.Balance += amount;
        wallet.Entries.Add((amount, final, 0));
    }

    /// <summary>The law that all is for: nothing new is set aside that the floor does not leave.</summary>
    void Solvent(ModelAccount who, ModelWallet wallet, Instant now, long newlyHeld) =>
        Assert.True(newlyHeld <= 0 || Available(who, wallet, now) >= 0,
            $"a hold of {newlyHeld} takes {who.Id} below its floor");
}

/// <summary>Answers as texts, the engine's and the model's alike.</summary>
static class Answers
{
    public static string Grant(bool billable, int seconds, int renewIn, bool final, long held) =>
        $"grant {billable} {seconds} {renewIn} {final} {held}";

    public static string Charged(int billed, int overrun, long charge, long tax, long balance) =>
        $"charged {billed} {overrun} {charge} {tax} {balance}";

    public static string Of(Result<CallGrant> answer) => Of(answer, grant => Grant(
        grant.Billable, grant.MaxSeconds, grant.RenewInSeconds, grant.Final, grant.Held.Micros));

    public static string Of(Result<CallCharged> answer) => Of(answer, charged => Charged(
        charged.BilledSeconds, charged.OverrunSeconds, charged.Charge.Micros, charged.Tax.Micros,
            charged.Balance.Micros));

    public static string Of(Result<MoneyMoved> answer) => Of(answer, moved => $"{moved.Seq} {moved.Balance.Micros}");

    public static string Of(Result<QueryCharged> answer) =>
        Of(answer, charged => $"{charged.Charge.Micros} {charged.Balance.Micros}");

    public static string Of<T>(Result<T> answer, Func<T, string> text) =>
        answer.Refused is { } refused ? $"no {refused.Refusal}" : text(answer.Value);
}
