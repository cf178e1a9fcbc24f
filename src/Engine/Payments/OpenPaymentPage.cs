using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Payments;

/// <param name="ShownMicros">The total that the customer saw and agreed to.</param>
/// <param name="Email">Of the payer, to save typing.</param>
public sealed record PageWish(
    PaymentMethod Method, long ShownMicros, string Title, string? Email, Language Language, Uri DoneUrl, Uri CancelUrl);

/// <summary>
/// Leads a customer to the gateway's page on which an outstanding deposit is paid. What is asked for is written down
/// before the gateway is asked: whatever breaks then, what the gateway says finds its payment. A page that is open
/// already is opened again, so that one deposit is not paid on two. Refusals: <see cref="Refusal.UnknownDeposit"/>,
/// <see cref="Refusal.DepositEnded"/>, <see cref="Refusal.MethodNotOffered"/>, <see cref="Refusal.QuoteChanged"/> where
/// the taxes are not those that were shown: the deposit now has the new ones; <see cref="Refusal.PaymentUnderWay"/>;
/// those of <see cref="IGateway"/>.
/// </summary>
public sealed class OpenPaymentPage(Database database, RulesInForce rules, GatewaysInForce gateways, IClock clock)
{
    /// <returns>Where the browser goes.</returns>
    public async Task<Result<Uri>> Run(
        int providerNo, long accountNo, string depositId, PageWish wish, Actor by, CancellationToken ct = default)
    {
        var policy = rules.Providers.PolicyOf(providerNo, clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        var payments = policy.Value.Policy.Payments;
        if (payments.Methods.FirstOrDefault(one => one.Method == wish.Method) is not { SelfService: true })
            return Refusal.MethodNotOffered;
        var kind = await gateways.For(providerNo, wish.Method, ct);
        if (kind.Refused is { } none) return none;
        var quoted = await Requote(providerNo, accountNo, depositId, policy.Value.Policy, ct);
        if (quoted.Refused is { } refused) return refused;
        if (quoted.Value.Total.Micros != wish.ShownMicros) return Refusal.QuoteChanged;
        var begun = await Begin(accountNo, depositId, kind.Value, wish, by, ct);
        if (begun.Refused is { } ended) return ended;
        return begun.Value.PageUrl is { } open ? new Uri(open) : await Open(begun.Value, wish, ct);
    }

    /// <summary>The taxes of today at the place of today, while nobody has agreed to any.</summary>
    async Task<Result<Deposit>> Requote(
        int providerNo, long accountNo, string depositId, Policy policy, CancellationToken ct) =>
        await database.InTransaction<Deposit>(
            async (connection, transaction) =>
            {
                var found = await DepositStore.Find(connection, transaction, accountNo, depositId);
                if (found.Refused is { } unknown) return unknown;
                var deposit = await DepositStore.Lock(connection, transaction, found.Value.No);
                if (deposit.State != DepositState.Outstanding) return Refusal.DepositEnded;
                var tries = await PaymentStore.OfDeposit(connection, transaction, deposit.No);
                if (tries.Any(one => one.IsUnderWay)) return Refusal.PaymentUnderWay;
                var place = TaxPlace.Of(await ProfileStore.Find(connection, transaction, accountNo));
                var today = clock.GetCurrentInstant().InZone(BillingZone.Of(policy.Calendar).Value).Date;
                var taxes = await ProviderTaxes.Of(
                    connection, transaction, rules, providerNo, accountNo, policy);
                var quote = taxes.OnTop(deposit.Base, place, today);
                if (quote.Refused is { } refused) return refused;
                var now = deposit with { Place = place, TaxDate = today, Lines = DepositLine.Of(quote.Value) };
                await DepositStore.Quoted(connection, transaction, now);
                return now;
            },
            ct);

    Task<Result<Payment>> Begin(
        long accountNo, string depositId, GatewayKind kind, PageWish wish, Actor by, CancellationToken ct) =>
        database.InTransaction<Payment>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var found = await DepositStore.Find(connection, transaction, accountNo, depositId);
                if (found.Refused is { } unknown) return unknown;
                var deposit = await DepositStore.Lock(connection, transaction, found.Value.No);
                if (deposit.State != DepositState.Outstanding) return Refusal.DepositEnded;
                if (deposit.Total.Micros != wish.ShownMicros) return Refusal.QuoteChanged;
                var tries = await PaymentStore.OfDeposit(connection, transaction, deposit.No);
                if (tries.Any(one => one.IsUnderWay)) return Refusal.PaymentUnderWay;
                var open = tries.FirstOrDefault(one => one is { State: PaymentState.Initiated, PageUrl: not null }
                    && (one.Gateway, one.Method, one.Asked) == (kind.Word(), wish.Method, deposit.Total)
                    && one.BackUrl == PaymentStore.BackOf(wish.DoneUrl)
                    && one.CreatedAt > now - PaymentPatience.PageLife / 2);
                return open ?? await PaymentStore.Insert(
                    connection, transaction, deposit, kind.Word(), wish.Method, now, now + PaymentPatience.Turn,
                    by.Name);
            },
            ct);

    async Task<Result<Uri>> Open(Payment payment, PageWish wish, CancellationToken ct)
    {
        var gateway = await gateways.Of(payment.ProviderNo, payment.Gateway, ct);
        if (gateway.Refused is { } none) return none;
        var opened = await gateway.Value.Open(
            new PageOrder(
                PagePurpose.Pay, payment.Id, payment.Asked, wish.Title, wish.Email, null,
                wish.Method == PaymentMethod.PayPal, wish.Language.Tag(), wish.DoneUrl, wish.CancelUrl),
            ct);
        if (opened.Refused is { } refused) return refused;
        await using var connection = await database.Connect(ct);
        await PaymentStore.SetReference(
            connection, null, payment.No, opened.Value.Reference, opened.Value, wish.DoneUrl,
            clock.GetCurrentInstant() + PaymentPatience.Turn);
        return opened.Value.Url;
    }
}
