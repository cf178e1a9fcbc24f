using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Payments;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>PayPal's double with the world around it.</summary>
public sealed class PayPalStage : GatewayStage
{
    readonly PayPalJudge? judge;
    readonly Impatience impatience = new();
    readonly PayPalGateway gateway;

    public PayPalStage(PayPalJudge? judge = null)
    {
        this.judge = judge;
        Double = new PayPalDouble(Clock);
        Double.Start().GetAwaiter().GetResult();
        gateway = New();
    }

    /// <summary>Another gateway of the same provider, as another server has it.</summary>
    public PayPalGateway New()
    {
        var http = new HttpClient(new Detour(Double.Url, impatience), disposeHandler: false);
        var settings = new PayPalSettings(
            Double.Url, PayPalDouble.ClientId, PayPalDouble.Secret, PayPalSigner.WebhookId)
        {
            CertificateDomain = PayPalSigner.Domain,
            Roots = Double.Signer.Roots,
        };
        return new PayPalGateway(settings, http, Clock, new HastyTime());
    }

    public PayPalDouble Double { get; }

    public override IGateway Gateway => gateway;

    public override bool PayPal => true;

    /// <summary>PayPal settles with the payer what is wrong with his money, before it sends him back.</summary>
    public override IReadOnlyList<DeclineClass> DeclinesAtPage => [];

    public override bool KnowsThreeDSecure => false;

    public override bool RemembersDeclines => false;

    public override Task Agree(HostedPage page, bool slow = false)
    {
        Double.Approve(page.Reference, slow);
        return Task.CompletedTask;
    }

    public override Task BeDeclined(HostedPage page, DeclineClass why) => throw Never();

    public override Task Confirm(HostedPage page, bool confirmed) => throw Never();

    public override Task Leave(HostedPage page) => Task.CompletedTask;

    public override Task LeaveCard(HostedPage page, LeftCard card)
    {
        Double.Agree(page.Reference, card);
        return Task.CompletedTask;
    }

    public override Task Finish(GatewayView slow, bool settles)
    {
        Double.Finish(slow.MoneyReference!, settles);
        return Task.CompletedTask;
    }

    public override Task Dispute(GatewayView paid)
    {
        Double.Dispute(paid.MoneyReference!);
        return Task.CompletedTask;
    }

    public override Task Decide(GatewayView disputed, bool won)
    {
        Double.Decide(disputed.MoneyReference!, won ? "RESOLVED_SELLER_FAVOUR" : "RESOLVED_BUYER_FAVOUR");
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<GatewayPost>> Posts() => Task.FromResult(Double.Posts());

    public override GatewayPost Forge(GatewayPost post)
    {
        using var other = new PayPalSigner(Clock);
        return other.Sign(post.Body);
    }

    public override void Make(Trouble trouble, int times)
    {
        impatience.IsOn = trouble == Trouble.Silence && times > 0;
        Double.Make(trouble, times);
    }

    public override Task<Money> Balance(Currency currency) =>
        Task.FromResult(new Money(Double.BalanceOf(currency.Code) * Money.MicrosPerCent, currency));

    public override async ValueTask DisposeAsync()
    {
        gateway.Dispose();
        impatience.Dispose();
        await Double.DisposeAsync();
        if (judge is null) return;
        var found = new List<string>();
        foreach (var exchange in Double.Exchanges) found.AddRange(await judge.Compare(exchange));
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    static InvalidOperationException Never() => new("It does not happen at PayPal's page.");

    /// <summary>What goes to PayPal's names of hosts ends at the double; who asks does not see it.</summary>
    sealed class Detour(Uri to, HttpMessageHandler by) : DelegatingHandler(by)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage asked, CancellationToken ct)
        {
            var address = asked.RequestUri!;
            if (!address.Host.EndsWith(PayPalSigner.Domain, StringComparison.Ordinal))
                return await base.SendAsync(asked, ct);
            asked.RequestUri = new Uri(to, address.PathAndQuery);
            var answer = await base.SendAsync(asked, ct);
            answer.RequestMessage!.RequestUri = address;
            return answer;
        }
    }
}

/// <summary>PayPal keeps what any gateway keeps.</summary>
public sealed class PayPalContractTests : GatewayContract
{
    protected override Task<GatewayStage> Open() => Task.FromResult<GatewayStage>(new PayPalStage());
}
