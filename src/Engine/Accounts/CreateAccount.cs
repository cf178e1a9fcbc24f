using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>An account to be. Decks are the provider's own and of the account's currency.</summary>
/// <param name="InboundDeckNo">Null: the account takes no inbound calls (no rate is never free, RATE-04).</param>
/// <param name="AlertThresholdMicros">C7: the customer's own low-balance amount; null takes the provider's.</param>
/// <param name="SipUsers">Unique within the provider.</param>
public sealed record NewAccount(
    int ProviderNo,
    string Name,
    AccountType Type,
    Currency Currency,
    TaxStatus TaxStatus,
    int OutboundDeckNo,
    int? InboundDeckNo,
    int Channels,
    int CallsPerSecond,
    long? AlertThresholdMicros,
    IReadOnlyList<string> SipUsers);

/// <summary>An account just made: its number for rows, its id for others.</summary>
public sealed record CreatedAccount(long No, PublicId Id);

/// <summary>
/// Refusals: <see cref="Refusal.UnknownProvider"/>, <see cref="Refusal.BadText"/>, <see cref="Refusal.BadAmount"/>,
/// <see cref="Refusal.UnknownDeck"/>, <see cref="Refusal.CurrencyMismatch"/>, <see cref="Refusal.AlreadyExists"/> (a
/// SIP user).
/// </summary>
/// <param name="alongside">What belongs to a new account in the same transaction, such as the opening of its
/// wallets; where it refuses, there is no account either.</param>
public sealed class CreateAccount(
    Database database, IClock clock, Func<DbConnection, DbTransaction, CreatedAccount, NewAccount, Task<Refused?>>?
    alongside = null)
{
    const int MostSipUsers = 1_000;

    public Task<Result<CreatedAccount>> Run(NewAccount wanted, CancellationToken ct = default) =>
        database.InTransaction<CreatedAccount>(
            async (connection, transaction) =>
            {
                if (Problem(wanted) is { } problem) return problem;
                var provider = await ProviderStore.Find(connection, transaction, wanted.ProviderNo);
                if (provider.Refused is { } unknown) return unknown;
                foreach (var deckNo in new[] { wanted.OutboundDeckNo, wanted.InboundDeckNo ?? wanted.OutboundDeckNo })
                {
                    var currency = await AccountStore.DeckCurrency(connection, transaction, wanted.ProviderNo, deckNo);
                    if (currency is null) return Refusal.UnknownDeck;
                    if (currency != wanted.Currency)
                        return new Refused(Refusal.CurrencyMismatch, $"deck {currency}, account {wanted.Currency}");
                }
                var now = clock.GetCurrentInstant();
                var id = Database.NewId(PublicId.Account);
                var created =
                    new CreatedAccount(await AccountStore.Insert(connection, transaction, id.Text, wanted, now), id);
                foreach (var name in wanted.SipUsers)
                {
                    if (!await AccountStore.AddSipUser(connection, transaction, wanted.ProviderNo, name, created.No,
                        now))
                        return new Refused(Refusal.AlreadyExists, name);
                }
                await AccountWordStore.OfAccount(connection, transaction, created.No, id.Text, wanted);
                if (alongside is not null
                    && await alongside(connection, transaction, created, wanted) is { } refused)
                    return refused;
                return created;
            },
            ct);

    static Refused? Problem(NewAccount wanted)
    {
        if (!PlainText.Fits(wanted.Name, 100)) return new Refused(Refusal.BadText, "name");
        if (wanted.SipUsers.Count > MostSipUsers || !wanted.SipUsers.All(SipUserName.Fits))
            return new Refused(Refusal.BadText, "sipUsers");
        if (wanted.Channels is < 0 or > NetworkSettings.MostCalls) return new Refused(Refusal.BadAmount, "channels");
        if (wanted.CallsPerSecond is < 0 or > NetworkSettings.MostCalls)
            return new Refused(Refusal.BadAmount, "callsPerSecond");
        return wanted.AlertThresholdMicros < 0 ? new Refused(Refusal.BadAmount, "alertThreshold") : null;
    }
}
