using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Payments;

/// <summary>Tells those whose automatic billing charges a card that expires within a month, once per card.</summary>
public sealed class RemindOfCards(Database database, RulesInForce rules, IClock clock)
{
    static readonly Period Ahead = Period.FromMonths(1);

    /// <returns>How many were told.</returns>
    public Task<int> Run(int providerNo, CancellationToken ct = default) => database.InTransaction(
        async (connection, transaction) =>
        {
            var now = clock.GetCurrentInstant();
            var currency = rules.Providers.ByNo(providerNo).Value.Currency;
            var soon = now.InUtc().Date + Ahead;
            var told = 0;
            foreach (var card in await CardStore.Charged(connection, transaction, providerNo))
            {
                var facts = card.Instrument.Card;
                if (facts.IsValidOn(soon)) continue;
                var notice = new PaymentNotice(
                    "", currency.Code, 0, 0, $"{facts.Brand} {facts.LastDigits}".Trim(), "", null, now.ToMicros())
                { What = NoticeKind.CardExpires };
                await NoticeStore.Insert(
                    connection, transaction,
                    Notice.ToAccount(providerNo, card.AccountNo, notice, null, $"expires {card.Id}"), now);
                await CardStore.Reminded(connection, transaction, card.No, now);
                told++;
            }
            return told;
        },
        ct);
}
