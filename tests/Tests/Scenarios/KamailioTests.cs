using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>
/// Real SIP calls: sipp through Kamailio with the shipped configuration, and the real program behind it.
/// </summary>
[Trait("Category", "needs-kamailio")]
public sealed class KamailioTests : IAsyncLifetime
{
    const string Dialled = "15145550123";
    const long PerSecond = ServedInstallation.MicrosPerSecond;

    ServedInstallation installation = null!;
    RealSwitch? real;

    public async Task InitializeAsync() => installation = await ServedInstallation.New();

    public async Task DisposeAsync()
    {
        if (real is not null) await real.DisposeAsync();
        await installation.DisposeAsync();
    }

    [Fact]
    public async Task RATE_01_A_call_is_authorized_and_charged_at_its_end_for_its_seconds_rounded_up()
    {
        var account = await installation.Account(balanceMicros: 1_000_000);
        await Begin();

        Assert.True((await real!.Call("caller.xml", account.Id, Dialled, milliseconds: 2_000)).AsScripted);

        var call = await account.OnlyCall();
        Assert.InRange(call.Seconds, 3, 4);
        Assert.Equal((call.Seconds, 0), (call.BilledSeconds, call.OverrunSeconds));
        Assert.Equal((call.Seconds * PerSecond, 0), (call.ChargeMicros, call.TaxMicros));
        Assert.Equal((long)Disposition.Answered, call.Disposition);
        var wallet = await account.Wallet();
        Assert.Equal((1_000_000 - call.ChargeMicros, 0), (wallet.BalanceMicros, wallet.HeldMicros));
    }

    [Fact]
    public async Task R48_A_call_of_an_account_without_money_is_refused_with_402()
    {
        var account = await installation.Account(balanceMicros: 0);
        await Begin();

        Assert.Equal(new SipCall(true, 402), await real!.Call("caller-refused.xml", account.Id, Dialled));
    }

    [Fact]
    public async Task A_refusal_reaches_the_telephone_as_the_code_that_the_API_names()
    {
        var account = await installation.Account(balanceMicros: 1_000_000);
        await Begin();

        Assert.Equal(new SipCall(true, 403), await real!.Call("caller-refused.xml", account.Id, "19005550123"));
        Assert.Equal(new SipCall(true, 404), await real.Call("caller-refused.xml", account.Id, "011442071234567"));
        Assert.Equal(new SipCall(true, 404), await real.Call("caller-refused.xml", "nobody", Dialled));
        Assert.Equal(new SipCall(true, 484), await real.Call("caller-refused.xml", account.Id, "12"));
        Assert.Equal((1_000_000, 0), ((await account.Wallet()).BalanceMicros, (await account.Wallet()).HeldMicros));
    }

    [Fact]
    public async Task PRE_02_A_call_is_renewed_while_there_is_money_and_cut_when_it_is_gone()
    {
        var account = await installation.Account(balanceMicros: 6 * PerSecond);
        await Begin();

        Assert.True((await real!.Call("caller-cut.xml", account.Id, Dialled)).AsScripted);

        var call = await account.OnlyCall();
        Assert.Equal(6, call.GrantedSeconds);
        Assert.Equal(6, call.BilledSeconds);
        // The switch's timer never cuts early and at most two seconds late; what runs over is charged to nobody.
        Assert.InRange(call.OverrunSeconds, 0, 3);
        Assert.Equal(call.Seconds, call.BilledSeconds + call.OverrunSeconds);
        Assert.Equal((6 * PerSecond, 0), (call.ChargeMicros, call.BalanceMicros));
        Assert.Equal(new SipCall(true, 402), await real.Call("caller-refused.xml", account.Id, Dialled));
    }

    [Fact]
    public async Task A_call_that_is_not_answered_costs_nothing_and_frees_what_was_held()
    {
        var account = await installation.Account(balanceMicros: 1_000_000);
        await Begin();
        await real!.LetCalleeBe("callee-busy.xml");

        Assert.Equal(new SipCall(true, 486), await real.Call("caller-refused.xml", account.Id, Dialled));

        var call = await account.OnlyCall();
        Assert.Equal((0, 0, (long)Disposition.Busy), (call.Seconds, call.ChargeMicros, call.Disposition));
        var wallet = await account.Wallet();
        Assert.Equal((1_000_000, 0), (wallet.BalanceMicros, wallet.HeldMicros));
    }

    [Fact]
    public async Task Without_an_answer_of_the_API_calls_are_refused_with_503_and_emergency_calls_pass()
    {
        real = await RealSwitch.Start(installation.Folder, installation.Url, installation.SwitchKey);

        Assert.Equal(new SipCall(true, 503), await real.Call("caller-refused.xml", "anybody", Dialled));
        Assert.Equal(new SipCall(true, 200), await real.Call("caller.xml", "anybody", "911", milliseconds: 500));
    }

    [Fact]
    public async Task An_emergency_call_of_an_account_without_money_passes_and_is_recorded_for_nothing()
    {
        var account = await installation.Account(balanceMicros: 0);
        await Begin();

        Assert.True((await real!.Call("caller.xml", account.Id, "911", milliseconds: 1_000)).AsScripted);

        var call = await account.OnlyCall();
        Assert.Equal((0, 0), (call.Billable, call.ChargeMicros));
        Assert.InRange(call.Seconds, 1, 3);
    }

    [Fact]
    public async Task A_call_that_ends_while_the_server_is_away_is_charged_once_when_it_is_back()
    {
        var account = await installation.Account(balanceMicros: 1_000_000);
        await Begin();

        var talking = real!.Call("caller.xml", account.Id, Dialled, milliseconds: 3_000);
        // The hold is in the books before the switch hears of it: only the called telephone's answer proves the latter.
        await real.Answered();
        await installation.KillServer();
        Assert.True((await talking).AsScripted);
        await installation.Serve();

        var call = await account.OnlyCall();
        Assert.InRange(call.Seconds, 4, 5);
        Assert.Equal(1_000_000 - call.BilledSeconds * PerSecond, (await account.Wallet()).BalanceMicros);
    }

    async Task Begin()
    {
        await installation.Serve();
        real = await RealSwitch.Start(installation.Folder, installation.Url, installation.SwitchKey);
    }
}
