using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Leads a customer to the gateway's page on which a card is left for automatic billing (R11). Refusals:
/// <see cref="Refusal.AutomaticNotOffered"/> where no card could be charged for that billing address,
/// <see cref="Refusal.MethodNotOffered"/>, those of <see cref="IGateway"/>.
/// </summary>
public sealed class OpenCardPage(Database database, RulesInForce rules, GatewaysInForce gateways, IClock clock)
{
    /// <returns>Where the browser goes.</returns>
    public async Task<Result<Uri>> Run(
        int providerNo, long accountNo, string title, string? email, Language language, Uri doneUrl, Uri cancelUrl,
        Actor by, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var policy = rules.Providers.PolicyOf(providerNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        var kind = await gateways.For(providerNo, PaymentMethod.Card, ct);
        if (kind.Refused is { } none) return none;
        CardSetup setup;
        string? customer;
        await using (var connection = await database.Connect(ct))
        {
            var profile = await ProfileStore.Find(connection, null, accountNo);
            if (!PaymentOffer.HasAutomatic(policy.Value.Policy.Payments, profile.BillingAddress.Country))
                return Refusal.AutomaticNotOffered;
            var cards = await CardStore.OfAccount(connection, null, accountNo);
            customer = cards.FirstOrDefault(card => card.Gateway == kind.Value.Word())?.Instrument.Customer;
            setup = await database.InTransaction(
                connection,
                (_, transaction) => CardSetupStore.Insert(
                    connection, transaction, providerNo, accountNo, kind.Value.Word(), now, by.Name), ct);
        }
        var gateway = await gateways.Of(providerNo, setup.Gateway, ct);
        if (gateway.Refused is { } gone) return gone;
        var currency = rules.Providers.ByNo(providerNo).Value.Currency;
        var opened = await gateway.Value.Open(
            new PageOrder(
                PagePurpose.StoreCard, setup.Id, Money.Zero(currency), title, email, customer, PayPal: false,
                language.Tag(), doneUrl, cancelUrl),
            ct);
        if (opened.Refused is { } refused) return refused;
        await using var again = await database.Connect(ct);
        await CardSetupStore.SetReference(
            again, null, setup.No, opened.Value.Reference, now + PaymentPatience.Turn);
        return opened.Value.Url;
    }
}

/// <summary>
/// Takes cards over that customers left at a gateway: the provider's rules decide whether it may be charged without the
/// customer (R64, R76, R86). One that may not is deleted there.
/// </summary>
public sealed class TakeCards(Database database, RulesInForce rules, GatewaysInForce gateways, IClock clock)
{
    public async Task<int> Run(int most, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var due = await database.InTransaction(
            (connection, transaction) => CardSetupStore.TakeDue(
                connection, transaction, now, now + PaymentPatience.Turn, most), ct);
        foreach (var setup in due) await Take(setup, ct);
        return due.Count;
    }

    /// <summary>Null while there is no card yet. Refusals: those of <see cref="IGateway"/>, and why the card is not
    /// taken.</summary>
    async Task<Result<StoredCard?>> Take(CardSetup setup, CancellationToken ct)
    {
        var gateway = await gateways.Of(setup.ProviderNo, setup.Gateway, ct);
        if (gateway.Refused is { } none) return none;
        var now = clock.GetCurrentInstant();
        var stored = await gateway.Value.Stored(setup.Reference!, ct);
        if (stored.Refused is { } refused) return refused;
        if (stored.Value is not { } instrument)
        {
            if (setup.CreatedAt + PaymentPatience.PageLife < now)
                await End(setup, "", ct);
            return (StoredCard?)null;
        }
        var policy = rules.Providers.PolicyOf(setup.ProviderNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        await using var connection = await database.Connect(ct);
        var profile = await ProfileStore.Find(connection, null, setup.AccountNo);
        var problem = PaymentOffer.CardProblem(
            policy.Value.Policy.Payments, profile.BillingAddress, instrument.Card, automatic: true);
        if (problem is not null)
        {
            var gone = await gateway.Value.Forget(instrument, ct);
            if (gone.Refused is { } notGone) return notGone;
            await End(setup, Refusals.Of(problem.Refusal).Name, ct);
            return problem;
        }
        return await Keep(setup, instrument, now, ct);
    }

    Task<Result<StoredCard?>> Keep(
        CardSetup setup, StoredInstrument instrument, Instant now, CancellationToken ct) =>
        database.InTransaction<StoredCard?>(
            async (connection, transaction) =>
            {
                var card = await CardStore.Insert(connection, transaction, setup, instrument, now);
                // Taken by another node in the same moment: its card is the one.
                if (!await CardSetupStore.End(connection, transaction, setup.No, card.No, null))
                    return Refusal.ChangedMeanwhile;
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(
                        Act.CardStored, setup.ProviderNo, null, setup.AccountNo, card.Id, setup.CreatedBy, "")
                    { After = $"{instrument.Card.Brand} {instrument.Card.LastDigits}" },
                    now);
                return card;
            },
            ct);

    Task<bool> End(CardSetup setup, string refusal, CancellationToken ct) => database.InTransaction(
        (connection, transaction) => CardSetupStore.End(connection, transaction, setup.No, null, refusal), ct);
}
