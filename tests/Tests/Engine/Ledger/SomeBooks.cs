using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Tests.Engine.Charging;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>
/// Small books with some of everything: deposits, calls with and without a price, an import below the floor, a
/// reversal, a query, a used credit limit, a late call, holds that are open, two days.
/// </summary>
public sealed class SomeBooks : IAsyncDisposable
{
    readonly TestDatabase test;

    SomeBooks(TestDatabase test, Desk desk, MovableClock clock) => (this.test, Desk, Clock) = (test, desk, clock);

    public Desk Desk { get; }
    public MovableClock Clock { get; }
    public TestDatabase Test => test;
    public string Prepaid { get; private set; } = "";
    public string Postpaid { get; private set; } = "";
    public long PrepaidWallet { get; private set; }
    public long PostpaidWallet { get; private set; }

    public static async Task<SomeBooks> Keep(DatabaseKind kind)
    {
        var clock = new MovableClock();
        var test = await TestDatabase.New(kind);
        var books = new SomeBooks(test, await Desk.Open(test.Database, clock), clock);
        await books.Fill();
        return books;
    }

    public Task<AuditReport> Audit(AuditAnchor? anchor = null) =>
        new AuditBooks(test.Database, _ => DateTimeZone.Utc).Run(anchor);

    /// <summary>Damages the books behind the bookkeeper's back.</summary>
    public async Task Damage(string sql)
    {
        await using var connection = await test.Database.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }

    public async Task<long> Number(string sql)
    {
        await using var connection = await test.Database.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await test.DisposeAsync();
    }

    async Task Fill()
    {
        Prepaid = await Desk.Account(balanceMicros: 3_000_000, sipUsers: ["alice"]);
        Postpaid = await Desk.Account(type: AccountType.Postpaid);
        PrepaidWallet = (await Desk.Wallet(Prepaid)).No;
        PostpaidWallet = (await Desk.Wallet(Postpaid)).No;
        var limit = new CreditLimitChange(
            Desk.Provider.No, await Desk.AccountNo(Postpaid), null, new Money(2_000_000, Desk.Provider.Currency), null,
            null, "limit", "a test");
        Accepted(await new SetCreditLimit(Desk.Bookkeeper).Set(limit));
        await Call(Prepaid, "c1", 61);
        await Call(Prepaid, "c2", 0, Disposition.Busy);
        await Call(Postpaid, "p1", 100, to: "+442070000000");
        Accepted(await Desk.Start(Prepaid, call: "late"));
        Clock.Move(Duration.FromHours(26));
        Assert.Equal(1, await Desk.Expire.Expire());
        Accepted(await Desk.Finish("late", 30));
        await Call(Prepaid, "c3", 200, to: "+442070000000");
        await Import("i1", 3_600);
        Accepted(await new ReverseEntry(Desk.Bookkeeper).Reverse(
            Desk.Provider.No, await Desk.AccountNo(Prepaid), new EntryRef(PrepaidWallet, 2), "a test's reason", 0));
        await Desk.Deposit(Postpaid, 500_000);
        Accepted(await Desk.Query.Ask(new NameQuery(Desk.Provider.No, "sw1", "q1", Postpaid, null, "+12125550100")));
        Accepted(await Desk.Start(Postpaid, call: "open1"));
        Accepted(await Desk.Start(Postpaid, call: "open2", sw: "sw2"));
    }

    public async Task Call(
        string account, string call, int seconds, Disposition disposition = Disposition.Answered,
        string to = "+14165550100")
    {
        Accepted(await Desk.Start(account, to, call));
        Clock.Move(Duration.FromSeconds(seconds + 1));
        Accepted(await Desk.Finish(call, seconds, disposition));
    }

    /// <summary>Short calls one after the other, with money for all of them, until told to stop.</summary>
    /// <returns>The task that makes them; fails with the first that is refused.</returns>
    public async Task<Task> KeepCalling(CancellationToken over)
    {
        await Desk.Deposit(Prepaid, 50_000_000_000);
        return Task.Run(
            async () =>
            {
                for (var i = 0; !over.IsCancellationRequested; i++)
                {
                    Accepted(await Desk.Start(Prepaid, call: $"m{i}"));
                    Accepted(await Desk.Finish($"m{i}", 1));
                    // However long it goes on: the account may send so many a second, and no more.
                    Clock.Move(Duration.FromMilliseconds(100));
                }
            },
            CancellationToken.None);
    }

    async Task Import(string call, int seconds)
    {
        var question = new CallQuestion(
            Desk.Provider.No, "sw1", call, Prepaid, Directions.Outbound, "+12125550100", "+442070000000", null);
        Accepted(await Desk.Import.Import(new FinishedCall(question, new CallOver(
            Desk.Provider.No, "sw1", call, null, Clock.Now, seconds, Disposition.Answered, 200))));
    }

    static void Accepted<T>(Result<T> result) => Assert.True(result.Accepted, result.Refused?.ToString());
}
