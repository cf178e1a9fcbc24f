using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Turns automatic billing on or off and sets when it charges how much (R13, R19, R20). It is looked at right after: a
/// balance that is there already is charged for at once. Refusals: <see cref="Refusal.AutomaticNotOffered"/>,
/// <see cref="Refusal.UnknownCard"/> as long as there is no card, <see cref="Refusal.CardExpired"/>,
/// <see cref="Refusal.ChangedMeanwhile"/>, those of <see cref="AutomaticSettings.Problems"/>.
/// </summary>
public sealed class SaveAutomaticBilling(Database database, RulesInForce rules, IClock clock)
{
    /// <param name="cardId">Of the account's stored cards.</param>
    /// <param name="version">That the page showed; 0: there was none.</param>
    public Task<Result<AutomaticSettings>> Run(
        int providerNo, long accountNo, bool isOn, string cardId, string wallet, Money threshold, Money amount,
        int version, Actor by, CancellationToken ct = default) =>
        database.InTransaction<AutomaticSettings>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var policy = rules.Providers.PolicyOf(providerNo, now);
                if (policy.Refused is { } noPolicy) return noPolicy;
                var payments = policy.Value.Policy.Payments;
                var cards = await CardStore.OfAccount(connection, transaction, accountNo);
                if (cards.FirstOrDefault(one => one.Id == cardId) is not { } card) return Refusal.UnknownCard;
                if (AutomaticSettings.Problems(payments, threshold, amount).FirstOrDefault() is { } problem)
                    return problem;
                if (isOn)
                {
                    var today = now.InZone(BillingZone.Of(policy.Value.Policy.Calendar).Value).Date;
                    if (!card.Instrument.Card.IsValidOn(today)) return Refusal.CardExpired;
                    var profile = await ProfileStore.Find(connection, transaction, accountNo);
                    if (PaymentOffer.CardProblem(
                        payments, profile.BillingAddress, card.Instrument.Card, automatic: true) is { } notTaken)
                        return notTaken;
                }
                // Whatever it waited for: the customer was here.
                var settings = new AutomaticSettings(
                    accountNo, providerNo, isOn, card.No, wallet, threshold.Micros, amount.Micros, Declines: 0, now,
                    null, null, Halted: null, Wakes: 0, version);
                if (!await AutomaticBillingStore.Save(connection, transaction, settings, now, by.Name))
                    return Refusal.ChangedMeanwhile;
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(
                        Act.AutomaticBillingSaved, providerNo, by.UserNo, accountNo, card.Id, by.Name, by.Address)
                    { After = $"{(isOn ? "on" : "off")}, at {threshold}: {amount}" },
                    now);
                return settings with { Version = version + 1 };
            },
            ct);
}

/// <summary>
/// Takes a stored card away: here at once, at its gateway next. Refusals: <see cref="Refusal.UnknownCard"/>,
/// <see cref="Refusal.CardInUse"/> while automatic billing is on with it.
/// </summary>
public sealed class RemoveCard(Database database, IClock clock)
{
    public Task<Result<StoredCard>> Run(
        int providerNo, long accountNo, string cardId, Actor by, CancellationToken ct = default) =>
        database.InTransaction<StoredCard>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var cards = await CardStore.OfAccount(connection, transaction, accountNo);
                if (cards.FirstOrDefault(one => one.Id == cardId) is not { } card) return Refusal.UnknownCard;
                var automatic = await AutomaticBillingStore.Find(connection, transaction, accountNo);
                if (automatic is { IsOn: true } && automatic.CardNo == card.No) return Refusal.CardInUse;
                if (!await CardStore.Remove(connection, transaction, card.No, now)) return Refusal.UnknownCard;
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(Act.CardRemoved, providerNo, by.UserNo, accountNo, card.Id, by.Name, by.Address),
                    now);
                return card;
            },
            ct);
}
