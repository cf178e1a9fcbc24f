using System.Net;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Charging;

/// <summary>A switch asks whether a call may run. Numbers as the switch sent them.</summary>
public sealed record CallQuestion(
    int ProviderNo, string Switch, string Call, string Account, Directions Direction, string From, string To,
    string? Lrn)
{
    /// <summary>From where the switch got the call; null where it does not say, or not
    /// so that it can be read.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>By which key the switch asks.</summary>
    public long? KeyNo { get; init; }
}

/// <summary>
/// Lets a call run for as long as the money lasts, or says why not: status, calls per second, channels, rate, funds, in
/// this order (PRE-05). Emergency numbers are answered at once, whatever the state of account, queue and database.
/// </summary>
public sealed class AuthorizeCall(
    Bookkeeper bookkeeper, ProvidersInForce providers, AccountDirectory accounts, SwitchDirectory switches,
    CallPrices prices,
    IClock clock)
{
    /// <summary>A switch does not wait longer; what is not decided by then is never decided.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="unable">Why this node can let no ordinary call through now, such as a wrong clock.</param>
    public async Task<Result<CallGrant>> Ask(
        CallQuestion question, Refusal? unable = null, CancellationToken ct = default)
    {
        var at = clock.GetCurrentInstant();
        var asked = providers.PolicyOf(question.ProviderNo, at);
        if (asked.Refused is { } noPolicy) return noPolicy;
        var policy = asked.Value;
        var dialled = DialledNumber.Read(question.To, policy.Policy.Dialling);
        if (dialled is { Accepted: true, Value.Kind: DialledKind.Emergency }
            && question.Direction == Directions.Outbound)
        {
            _ = Record(question, policy, dialled);
            return Unbilled(question, policy.Policy.Calls);
        }
        if (unable is { } refusal) return refusal;
        return await Decide(question, policy, dialled, ct);
    }

    async Task<Result<CallGrant>> Decide(
        CallQuestion question, PolicyVersion policy, Result<DialledNumber> dialled, CancellationToken ct)
    {
        var account = await accounts.Find(question.ProviderNo, question.Account, ct);
        if (account.Refused is { } noAccount) return noAccount;
        var at = await switches.Find(question.ProviderNo, question.Switch, question.KeyNo, ct);
        if (at.Refused is { } noSwitch) return noSwitch;
        var request = new AuthorizeRequest(question, at.Value, policy, dialled, prices)
        {
            AccountNo = account.Value,
            Call = CallKey.Of(question.ProviderNo, question.Switch, question.Call),
            DeadlineTimestamp = BookRequest.Within(Patience),
        };
        var answer = await bookkeeper.Ask(request);
        if (answer.Accepted) bookkeeper.OpenCalls.Add(request.Call.Value, account.Value);
        return answer;
    }

    /// <summary>
    /// The answer does not wait for this; a call that cannot be recorded was let through all the same.
    /// </summary>
    async Task Record(CallQuestion question, PolicyVersion policy, Result<DialledNumber> dialled)
    {
        try
        {
            await Decide(question, policy, dialled, CancellationToken.None);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException
            or IOException)
        {
            Unrecorded.Add(1);
        }
    }

    static readonly System.Diagnostics.Metrics.Counter<long> Unrecorded =
        new System.Diagnostics.Metrics.Meter("Tollkeeper.Charging").CreateCounter<long>(
            "tollkeeper.emergency_calls.unrecorded");

    CallGrant Unbilled(CallQuestion question, CallRules rules)
    {
        var provider = providers.ByNo(question.ProviderNo);
        Demand.That(provider.Accepted, "a provider with a policy is known");
        return new CallGrant(
            question.Call, Billable: false, rules.MaxCallSeconds, rules.MaxCallSeconds, Final: false,
            Money.Zero(provider.Value.Currency), KeptTerms.Free("Emergency"));
    }
}
