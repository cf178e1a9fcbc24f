using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Charging.Model;

/// <summary>One thing asked: of the engine, and of the model at the same moment.</summary>
/// <param name="Alone">It is never asked beside others.</param>
sealed record ModelStep(
    string Text, Func<Desk, Task<string>> Ask, Func<ModelBooks, Instant, string> Predict, bool Alone = false);

/// <summary>
/// Random steps against the engine and the model. One after the other every answer must be the model's; asked at once
/// there must be an order in which the model gives all the answers and the same balances.
/// </summary>
sealed class ModelRun(TestDatabase test, string preset, int seed)
{
    const int MostAtOnce = 4;
    const int LatelyKnown = 40;

    static readonly string[] Numbers =
        ["+14165550100", "+12125550199", "+442071234567", "+870773111632", "+870773111632", "+99912345678",
            "+33140000000", "12x", "*97"];

    // The tax inside calls changes in the first hours.
    readonly MovableClock clock = new(Instant.FromUtc(2026, 3, 31, 1, 0));
    readonly Random random = new(seed);
    readonly List<(string Switch, string Call)> lately = [];
    readonly Dictionary<string, long> accountNos = [];
    ModelBooks model = new(preset == "wholesale-usd", preset == "wholesale-usd");
    Desk desk = null!;
    Instant openedAt;
    int nextCall;
    int nextKey;

    public int Steps { get; private set; }

    public int Waves { get; private set; }

    public int Dropped { get; private set; }

    /// <summary>How often each kind of answer was given, so that a run that only ever refused would show.</summary>
    public SortedDictionary<string, int> Kinds { get; } = new(StringComparer.Ordinal);

    public async Task Run(int steps)
    {
        desk = await Desk.Open(test.Database, clock, preset);
        clock.Move(Duration.FromDays(1));
        openedAt = clock.Now - Duration.FromDays(1);
        foreach (var (type, channels, cps, exempt) in Shapes) await AddAccount(type, channels, cps, exempt);
        while (Steps < steps)
        {
            await Wave();
            if (random.Next(3) == 0) clock.Move(Pause());
            if (random.Next(400) == 0) await Restart();
            if (Waves % 25 == 0) await CompareWallets();
            if (Waves % 2_000 == 0) await BooksAddUp();
        }
        await CompareWallets();
        await BooksAddUp();
        await desk.DisposeAsync();
    }

    static readonly (AccountType Type, int Channels, int Cps, bool Exempt)[] Shapes =
    [
        (AccountType.Prepaid, 100, 100, false),
        (AccountType.Prepaid, 3, 2, true),
        (AccountType.Postpaid, 100, 100, false),
        (AccountType.Postpaid, 4, 3, true),
        (AccountType.Prepaid, 100, 100, false),
    ];

    async Task AddAccount(AccountType type, int channels, int cps, bool exempt)
    {
        var id = await desk.Account(
            0, type, channels, cps, exempt ? TaxStatus.ExemptReseller : TaxStatus.NonExempt);
        accountNos[id] = await desk.AccountNo(id);
        model.Accounts[id] = new ModelAccount
        {
            Id = id,
            Type = type,
            Channels = channels,
            CallsPerSecond = cps,
            Taxed = !exempt,
            Wallets = preset == "wholesale-usd"
                ? [new(WalletName.Outbound), new(WalletName.Inbound)]
                : [new(WalletName.Main)],
        };
    }

    async Task Wave()
    {
        Waves++;
        while (lately.Count > LatelyKnown) Forget();
        var first = NextStep();
        List<ModelStep> wave = [first];
        if (!first.Alone && random.Next(4) == 0)
        {
            var others = random.Next(1, MostAtOnce);
            while (others-- > 0)
                if (NextStep() is { Alone: false } other) wave.Add(other);
        }
        Steps += wave.Count;
        var answers = (await Task.WhenAll(wave.Select(step => Task.Run(() => step.Ask(desk))))).ToList();
        // A machine with too much to do drops an authorize undecided after a second: then it was never asked.
        for (var i = answers.Count - 1; i >= 0; i--)
        {
            if (!answers[i].Equals("no Busy", StringComparison.Ordinal)) continue;
            Dropped++;
            answers.RemoveAt(i);
            wave.RemoveAt(i);
        }
        for (var i = 0; i < wave.Count; i++)
        {
            var kind = answers[i].StartsWith("no ", StringComparison.Ordinal) ? answers[i] : wave[i].Text.Split(' ')[0];
            Kinds[kind] = Kinds.GetValueOrDefault(kind) + 1;
        }
        if (wave.Count == 0) return;
        if (wave.Count == 1)
        {
            // Which need not be the first: that may have been dropped.
            Assert.Equal($"{Where} {wave[0].Text}: {wave[0].Predict(model, clock.Now)}",
                $"{Where} {wave[0].Text}: {answers[0]}");
            return;
        }
        foreach (var order in Orders(wave.Count))
        {
            var tried = model.Copy();
            if (order.All(i => wave[i].Predict(tried, clock.Now) == answers[i]) && await WalletsAre(tried)
                && await OrderIs(tried))
            {
                model = tried;
                return;
            }
        }
        Assert.Fail($"{Where} no order explains:\n" + string.Join('\n',
            wave.Select((step, i) => $"{step.Text}: {answers[i]}")));
    }

    string Where => $"seed {seed}, step {Steps}, {clock.Now}:";

    ModelStep NextStep() => random.Next(100) switch
    {
        < 26 => Authorize(NewCall(), Numbers),
        < 30 => Authorize(KnownCall(), Numbers[..2]),
        < 42 => Renew(),
        < 62 => End(),
        < 66 => Import(random.Next(3) == 0 ? KnownCall() : NewCall()),
        < 71 => Query(),
        < 80 => Move(),
        < 83 => Transfer(),
        < 88 => Limit(),
        < 91 => Reverse(),
        < 95 => Suspension(),
        _ => Expire(),
    };

    ModelStep Authorize((string Switch, string Call) call, string[] numbers)
    {
        var (account, to) = (AnyAccount(), numbers[random.Next(numbers.Length)]);
        // A repeat is often the very same question.
        if (model.Calls.TryGetValue($"{call.Switch} {call.Call}", out var known) && random.Next(3) > 0
            && known.Asked.Split(' ') is [var a, var d, var t])
            return Make(a, Enum.Parse<Directions>(d), t);
        return Make(account, random.Next(4) == 0 ? Directions.Inbound : Directions.Outbound, to);

        ModelStep Make(string who, Directions direction, string number) => new(
            $"authorize {call} {who} {direction} {number}",
            async d => Answers.Of(await d.Start(who, number, call.Call, call.Switch, direction)),
            (m, now) => m.Authorize(who, call.Switch, call.Call, direction, number, now));
    }

    ModelStep Renew()
    {
        var call = KnownCall();
        var elapsed = random.Next(8) * 120;
        return new ModelStep($"renew {call} {elapsed}",
            async d => Answers.Of(await d.Continue(call.Call, elapsed, call.Switch)),
            (m, now) => m.Renew(call.Switch, call.Call, elapsed, now));
    }

    ModelStep End()
    {
        var call = random.Next(20) == 0 ? NewCall() : KnownCall();
        var seconds = random.Next(3) switch { 0 => 0, 1 => random.Next(1, 90), _ => random.Next(1, 1_500) };
        var disposition = seconds == 0 ? Disposition.NoAnswer : Disposition.Answered;
        if (model.Calls.TryGetValue($"{call.Switch} {call.Call}", out var known) && random.Next(2) == 0
            && known.Told.Split(' ') is [var told, var how])
            (seconds, disposition) = (int.Parse(told, null), Enum.Parse<Disposition>(how));
        return new ModelStep($"end {call} {seconds}",
            async d => Answers.Of(await d.Finish(call.Call, seconds, disposition, call.Switch)),
            (m, now) => m.End(call.Switch, call.Call, seconds, $"{disposition}", now));
    }

    ModelStep Import((string Switch, string Call) call)
    {
        var (account, to, seconds) = (AnyAccount(), Numbers[random.Next(Numbers.Length - 2)], random.Next(4) * 45);
        if (to.EndsWith('x')) to = Numbers[0];
        if (model.Calls.TryGetValue($"{call.Switch} {call.Call}", out var known) && random.Next(2) == 0
            && known.Told.Split(' ') is ["import", var a, _, var t, var s])
            (account, to, seconds) = (a, t, int.Parse(s, null));
        return new ModelStep($"import {call} {account} {to} {seconds}",
            async d => Answers.Of(await d.Import.Import(new FinishedCall(
                new CallQuestion(
                    d.Provider.No, call.Switch, call.Call, account, Directions.Outbound, "+12125550100", to, null),
                new CallOver(
                    d.Provider.No, call.Switch, call.Call, null, clock.Now, seconds, Disposition.Answered, 200))),
                outcome => $"{outcome}"),
            (m, now) => m.Import(account, call.Switch, call.Call, Directions.Outbound, to, seconds, now));
    }

    ModelStep Query()
    {
        var (account, query, number) = (AnyAccount(), AnyKey(), $"+1212555010{random.Next(2)}");
        return new ModelStep($"query {query} {account} {number}",
            async d => Answers.Of(await d.Query.Ask(new NameQuery(d.Provider.No, "sw1", query, account, null, number))),
            (m, now) => m.Query(account, query, number, now));
    }

    ModelStep Move()
    {
        var (account, key, raises) = (AnyAccount(), AnyKey(), random.Next(3) > 0);
        var micros = random.Next(1, 9) * (random.Next(2) == 0 ? 50_000L : 400_000L);
        var walletNo = random.Next(model.Accounts[account].Wallets.Count);
        var name = model.Accounts[account].Wallets[walletNo].Name;
        return new ModelStep($"move {key} {account} {name} {raises} {micros}",
            async d => Answers.Of(await d.Money.Post(
                new MoneyMove(
                    d.Provider.No, accountNos[account], name, raises ? EntryKind.Deposit : EntryKind.Debit,
                    new Money(micros, d.Provider.Currency), LedgerCode.InTransit, key, "model"), 0)),
            (m, now) => m.Move(account, walletNo, raises, micros, key, now));
    }

    ModelStep Transfer()
    {
        var (account, key, from) = (AnyAccount(), AnyKey(), random.Next(2));
        var micros = random.Next(1, 9) * 100_000L;
        string[] names = [WalletName.Outbound, WalletName.Inbound];
        return new ModelStep($"transfer {key} {account} {names[from]} {micros}",
            async d => Answers.Of(await new MoveBetweenWallets(d.Bookkeeper, test.Database, clock).Run(
                new WalletMove(
                    d.Provider.No, accountNos[account], names[from], names[1 - from],
                    new Money(micros, d.Provider.Currency), key), 0, Actor.Named("model"))),
            (m, now) => m.Transfer(account, from, micros, key, now));
    }

    ModelStep Limit()
    {
        var (account, key) = (AnyAccount(), AnyKey());
        var micros = random.Next(5) * 1_000_000L;
        var from = random.Next(4) == 0 ? clock.Now + Duration.FromMinutes(random.Next(1, 60)) : (Instant?)null;
        Instant? until = random.Next(2) == 0 ? (from ?? clock.Now) + Duration.FromMinutes(random.Next(1, 90)) : null;
        return new ModelStep($"limit {key} {account} {micros} {from} {until}",
            async d => Answers.Of(await d.CreditLimit.Set(new CreditLimitChange(
                d.Provider.No, accountNos[account], null, new Money(micros, d.Provider.Currency), from, until, key,
                    "model"))),
            (m, now) => m.Limit(account, micros, from, until, key, now));
    }

    ModelStep Reverse()
    {
        var account = AnyAccount();
        var walletNo = random.Next(model.Accounts[account].Wallets.Count);
        var wallet = model.Accounts[account].Wallets[walletNo];
        var seq = Math.Max(1, wallet.Entries.Count - random.Next(-1, 12));
        return new ModelStep($"reverse {account} {wallet.Name} {seq}",
            async d => Answers.Of(await new ReverseEntry(d.Bookkeeper).Reverse(
                d.Provider.No, accountNos[account], new EntryRef(await WalletNo(d, account, wallet.Name), seq),
                    "model", 0)),
            (m, _) => m.Reverse(account, walletNo, seq), Alone: true);
    }

    ModelStep Suspension()
    {
        var (account, reason) = (AnyAccount(), random.Next(2) == 0 ? "fraud" : "violation");
        var blocks = random.Next(2) == 0 ? Directions.Outbound : Directions.Both;
        if (random.Next(10) > 0)
            return new ModelStep($"clear {account} {reason}",
                async _ => Answers.Of(
                    await new ClearSuspension(test.Database, clock).Run(
                        accountNos[account], reason, Actor.Named("model")), _ => "done"),
                (m, _) => m.Clear(account, reason), Alone: true);
        return new ModelStep($"suspend {account} {reason} {blocks}",
            async _ => Answers.Of(
                await new SuspendAccount(test.Database, clock).Run(
                    accountNos[account], reason, blocks, Actor.Named("model")), _ => "done"),
            (m, _) => m.Suspend(account, reason, blocks), Alone: true);
    }

    ModelStep Expire() => new(
        "expire",
        async d => $"{await d.Expire.Expire()}",
        (m, now) => now < openedAt + Duration.FromMinutes(10) ? "0" : $"{m.Expire(now)}", Alone: true);

    async Task Restart()
    {
        var provider = desk;
        desk = await provider.Another(test.Database);
        await provider.DisposeAsync();
        openedAt = clock.Now;
    }

    async Task<bool> WalletsAre(ModelBooks wanted)
    {
        foreach (var account in wanted.Accounts.Values)
            foreach (var wallet in account.Wallets)
            {
                var stored = await desk.Wallet(account.Id, wallet.Name);
                if ((wallet.Balance, wanted.Held(account.Id, wallet), wallet.Entries.Count)
                    != (stored.BalanceMicros, stored.HeldMicros, stored.Seq)) return false;
            }
        return true;
    }

    /// <summary>
    /// An import does not say at which place its entry stands, nor a limit which of two it follows: two orders may give
    /// the same answers and balances, and what comes later would tell them apart.
    /// </summary>
    async Task<bool> OrderIs(ModelBooks wanted)
    {
        foreach (var account in wanted.Accounts.Values)
        {
            foreach (var (wallet, before) in account.Wallets.Zip(model.Accounts[account.Id].Wallets))
            {
                var known = (before.Entries.Count, before.Floors.Count);
                if ((wallet.Entries.Count, wallet.Floors.Count) == known) continue;
                var stored = await desk.Wallet(account.Id, wallet.Name);
                var entries = await WalletStore.Entries(
                    test.Database, stored.No, before.Entries.Count, null, null, MostAtOnce, default);
                if (!wallet.Entries.Skip(before.Entries.Count).Select(entry => entry.Amount)
                        .SequenceEqual(entries.Select(entry => entry.AmountMicros))
                    || wallet.Floors.SelectMany(floor => new[] { clock.Now, floor.From, floor.Until ?? clock.Now })
                        .Any(at => at >= clock.Now && wallet.FloorAt(at) != stored.FloorMicros(at)))
                    return false;
            }
        }
        return true;
    }

    async Task CompareWallets() => Assert.True(await WalletsAre(model), $"{Where} a wallet differs from the model");

    async Task BooksAddUp() => await Audited.Clean(test.Database, Where);

    static async Task<long> WalletNo(Desk at, string account, string name) => (await at.Wallet(account, name)).No;

    string AnyAccount() => model.Accounts.Keys.ElementAt(random.Next(model.Accounts.Count));

    /// <summary>One of ten lately used keys, or a new one.</summary>
    string AnyKey() => $"k{(random.Next(4) == 0 ? Math.Max(0, nextKey - random.Next(10)) : ++nextKey)}";

    (string Switch, string Call) NewCall()
    {
        var call = ($"sw{random.Next(2)}", $"c{++nextCall}");
        lately.Add(call);
        return call;
    }

    /// <summary>
    /// A call that is long over is asked about no more; one that is up stays among those asked about.
    /// </summary>
    void Forget()
    {
        var over = lately.FindIndex(
            call => !model.Calls.TryGetValue($"{call.Switch} {call.Call}", out var known) || known.Ended);
        var (at, id) = lately[Math.Max(0, over)];
        lately.RemoveAt(Math.Max(0, over));
        if (model.Calls.TryGetValue($"{at} {id}", out var gone) && gone.Ended) model.Calls.Remove($"{at} {id}");
    }

    (string Switch, string Call) KnownCall() => lately.Count == 0 ? NewCall() : lately[random.Next(lately.Count)];

    /// <summary>Mostly fractions of a second, at times a minute, rarely long enough for holds to expire.</summary>
    Duration Pause() => random.Next(30) switch
    {
        0 => Duration.FromMinutes(random.Next(1, 25)),
        < 8 => Duration.FromSeconds(random.Next(1, 90)),
        _ => Duration.FromMilliseconds(random.Next(1, 700)),
    };

    static IEnumerable<int[]> Orders(int count)
    {
        if (count == 1) return [[0]];
        return Orders(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(at =>
        {
            var longer = order.ToList();
            longer.Insert(at, count - 1);
            return longer.ToArray();
        }));
    }
}
