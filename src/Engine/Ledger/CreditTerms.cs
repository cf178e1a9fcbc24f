using System.Globalization;
using System.Text.Json;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>A limit and term that staff propose for a postpaid account (R54, R59, R60).</summary>
/// <param name="LimitMicros">Of the account's currency, never negative.</param>
/// <param name="TermDays">Days from an invoice to its due date; null with a temporary limit, which changes no
/// term.</param>
/// <param name="UntilMicros">The limit ends then and the former one is in force again; null: for good.</param>
/// <param name="Application">The customer's application that it answers; null for none.</param>
public sealed record CreditProposal(long LimitMicros, int? TermDays, long? UntilMicros, string? Application)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static CreditProposal Read(string json) => JsonSerializer.Deserialize<CreditProposal>(json)!;

    /// <summary>Refusals with their fields: <see cref="Refusal.BadAmount"/>, <see cref="Refusal.BadDate"/>.</summary>
    public IEnumerable<Refused> Problems(Instant now)
    {
        if (LimitMicros is < 0 or > MoneyMove.MostMicros) yield return new Refused(Refusal.BadAmount, "Limit");
        if (TermDays is < 0 or > CreditApplication.LongestTermDays) yield return new Refused(Refusal.BadTerm, "Term");
        if (UntilMicros <= now.ToMicros()) yield return new Refused(Refusal.BadDate, "Until");
    }
}

/// <summary>
/// Brings an approved limit and term into force. The ledger keeps the limit by the approval's id: however often this is
/// repeated, it happens once. Refusals: those of <see cref="SetCreditLimit"/>.
/// </summary>
public sealed class ApplyCredit(Database database, Bookkeeper bookkeeper, IClock clock)
{
    /// <param name="key">The approval's id.</param>
    public async Task<Result<Money>> Run(
        int providerNo, long accountNo, Currency currency, CreditProposal credit, string key, Actor by,
        CancellationToken ct = default)
    {
        var limit = new Money(credit.LimitMicros, currency);
        var former = await Former(accountNo, currency, ct);
        var set = await new SetCreditLimit(bookkeeper).Set(new CreditLimitChange(
            providerNo, accountNo, null, limit, null, Instants.FromMicros(credit.UntilMicros), key, by.Name));
        if (set.Refused is { } refused) return refused;
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var applicant = credit.Application is { } asked
                    ? (await ApprovalStore.Find(connection, transaction, providerNo, asked)).Value.AskedByUserNo
                    : null;
                var notice = new CreditDecidedNotice(
                    currency.Code, credit.LimitMicros, credit.TermDays, credit.UntilMicros, now.ToMicros(), applicant);
                var told = await NoticeStore.Insert(
                    connection, transaction,
                    Notice.ToAccount(providerNo, accountNo, notice, onceKey: $"credit {key}"), now);
                // Repeated after a break: all this was written.
                if (told is null) return true;
                if (credit.TermDays is { } days)
                    await ProfileStore.SetTerm(connection, transaction, accountNo, days);
                var record = new AuditRecord(
                    Act.CreditLimitSet, providerNo, by.UserNo, accountNo, key, by.Name, by.Address)
                {
                    Before = former,
                    After = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{limit}, {credit.TermDays} days, until {Instants.FromMicros(credit.UntilMicros)}"),
                };
                await AuditRecordStore.Insert(connection, transaction, record, now);
                return true;
            },
            ct);
        return limit;
    }

    /// <summary>The limit and term before, for the record.</summary>
    async Task<string> Former(long accountNo, Currency currency, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var wallets = await WalletStore.Of(connection, accountNo, ct);
        var limit = wallets.Count == 0 ? 0 : -wallets[0].FloorMicros(clock.GetCurrentInstant());
        var term = await ProfileStore.Term(connection, accountNo);
        return string.Create(CultureInfo.InvariantCulture, $"{new Money(limit, currency)}, {term} days");
    }
}
