using System.Collections.Concurrent;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>How the card behaves that a customer leaves for later.</summary>
public enum LeftCard
{
    Good,

    /// <summary>Its bank refuses each charge for want of money.</summary>
    LacksMoney,

    /// <summary>It has expired when it is charged.</summary>
    Expired,

    /// <summary>It was reported lost when it is charged.</summary>
    Lost,

    /// <summary>Its bank wants the customer to confirm each charge.</summary>
    WantsCustomer,

    /// <summary>The money takes days.</summary>
    Slow,
}

/// <summary>What befalls the next requests to a gateway.</summary>
public enum Trouble
{
    TooMany,
    ServerError,
    Html,

    /// <summary>No answer ever comes.</summary>
    Silence,
    CutBeforeTheWork,

    /// <summary>The work was done, and its answer was lost.</summary>
    CutAfterTheWork,
}

/// <summary>
/// A gateway with the world around it, as far as <see cref="GatewayContract"/> needs it: the customer at its page, the
/// banks behind it, and the weather on the way there.
/// </summary>
public abstract class GatewayStage : IAsyncDisposable
{
    public MovableClock Clock { get; } = new();

    /// <summary>
    /// What is tested. Give its <see cref="GatewayClient"/> a <see cref="HastyTime"/>, so that pauses are short.
    /// </summary>
    public abstract IGateway Gateway { get; }

    /// <summary>The way to pay that the pages are asked for.</summary>
    public virtual bool PayPal => false;

    /// <summary>The classes of refusals that this gateway's page can tell.</summary>
    public virtual IReadOnlyList<DeclineClass> DeclinesAtPage =>
        [DeclineClass.RetryLater, DeclineClass.FixFirst, DeclineClass.Never];

    /// <summary>The cards, but the good one, that this gateway knows.</summary>
    public virtual IReadOnlyList<LeftCard> OddCards =>
        [LeftCard.LacksMoney, LeftCard.Expired, LeftCard.Lost, LeftCard.WantsCustomer, LeftCard.Slow];

    /// <summary>Whether a bank behind this gateway's page may ask the payer to confirm.</summary>
    public virtual bool KnowsThreeDSecure => true;

    /// <summary>
    /// Whether this gateway still knows of a charge that was refused. One that does not waits to be charged again.
    /// </summary>
    public virtual bool RemembersDeclines => true;

    /// <summary>The customer agrees at the page; where the payment is slow, its money takes days.</summary>
    public abstract Task Agree(HostedPage page, bool slow = false);

    /// <summary>The customer tries to pay, and the bank refuses.</summary>
    public abstract Task BeDeclined(HostedPage page, DeclineClass why);

    /// <summary>The bank asks the customer to confirm, who does or fails to.</summary>
    public abstract Task Confirm(HostedPage page, bool confirmed);

    /// <summary>The customer goes back without paying.</summary>
    public abstract Task Leave(HostedPage page);

    /// <summary>The customer leaves a card at a page of <see cref="PagePurpose.StoreCard"/>.</summary>
    public abstract Task LeaveCard(HostedPage page, LeftCard card);

    /// <summary>What is under way for days arrives, or does not.</summary>
    public abstract Task Finish(GatewayView slow, bool settles);

    /// <summary>The payer's bank asks all of the money back.</summary>
    public abstract Task Dispute(GatewayView paid);

    /// <summary>The dispute of a payment is decided.</summary>
    public abstract Task Decide(GatewayView disputed, bool won);

    /// <summary>All that the gateway has posted so far, once nothing is on its way any more.</summary>
    public abstract Task<IReadOnlyList<GatewayPost>> Posts();

    /// <summary>The same post as somebody would sign it who does not know the secret.</summary>
    public abstract GatewayPost Forge(GatewayPost post);

    /// <summary>The next requests meet trouble, as many as are said.</summary>
    public abstract void Make(Trouble trouble, int times);

    /// <summary>The gateway's own word on its balance; null where it has none.</summary>
    public abstract Task<Money> Balance(Currency currency);

    public abstract ValueTask DisposeAsync();
}

/// <summary>
/// Time in which the pauses between tries are short; patience, of five seconds and more, is what it is, so that a busy
/// machine fails no test.
/// </summary>
public sealed class HastyTime : TimeProvider
{
    const int Times = 50;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HastyTimer(System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period)));

    static TimeSpan Sooner(TimeSpan span) => span <= TimeSpan.Zero || span >= Patience ? span : span / Times;

    sealed class HastyTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Sooner(dueTime), Sooner(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

/// <summary>One question to a gateway and its answer, as they went over the wire.</summary>
public sealed record Exchange(string Method, string Url, string Body, int Status, string Answer);

/// <summary>Notes what is said to a gateway and answered.</summary>
public sealed class Witness(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public ConcurrentQueue<Exchange> Heard { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var answer = await base.SendAsync(request, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        Heard.Enqueue(new Exchange(
            request.Method.Method, request.RequestUri!.AbsoluteUri, asked, (int)answer.StatusCode,
            await answer.Content.ReadAsStringAsync(cancellationToken)));
        return answer;
    }
}

/// <summary>Gives up after a moment instead of after many seconds, where a gateway is known to be silent.</summary>
public sealed class Impatience : DelegatingHandler
{
    public Impatience()
        : base(new HttpClientHandler())
    {
    }

    public bool IsOn { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsOn) return await base.SendAsync(request, cancellationToken);
        using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            return await base.SendAsync(request, moment.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new HttpRequestException("No answer in time.", late);
        }
    }
}
