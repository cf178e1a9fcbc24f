using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Gives a part of a paid deposit back to whence it came, with its taxes (TAX-CA-07). First the money leaves the
/// balance, so that nobody spends it meanwhile, then the gateway is asked; what it does not give back comes into the
/// balance again. Each step can be repeated.
/// </summary>
public sealed class RefundDeposit(
    Database database, RulesInForce rules, GatewaysInForce gateways, PostMoney money, ReverseEntry reverse,
    IClock clock)
{
    readonly ReceivePaymentEvent receive = new(database, clock);

    /// <summary>
    /// Refusals: <see cref="Refusal.UnknownDeposit"/>, <see cref="Refusal.NothingToRefund"/> where it is not paid, is
    /// disputed, or so much of it is not left; <see cref="Refusal.InsufficientFunds"/> where it was used meanwhile.
    /// </summary>
    /// <param name="amount">Of the base, before tax.</param>
    public async Task<Result<Refund>> Run(
        int providerNo, string depositId, Money amount, string reason, Actor by, CancellationToken ct = default)
    {
        var asked = await database.InTransaction<Refund>(
            (connection, transaction) => Ask(connection, transaction, providerNo, depositId, amount, reason, by), ct);
        return asked.Refused is not null ? asked : await GoOn(asked.Value, ct);
    }

    /// <summary>Goes on with what was broken off, or waits for its gateway.</summary>
    public async Task<int> RunDue(int most, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var due = await database.InTransaction(
            (connection, transaction) => RefundStore.TakeDue(
                connection, transaction, now, now + PaymentPatience.Turn, most), ct);
        foreach (var refund in due) await GoOn(refund, ct);
        return due.Count;
    }

    async Task<Result<Refund>> Ask(
        DbConnection connection, DbTransaction transaction, int providerNo, string depositId, Money amount,
        string reason, Actor by)
    {
        var found = await DepositStore.FindAt(connection, transaction, providerNo, depositId);
        if (found.Refused is { } unknown) return unknown;
        var deposit = await DepositStore.Lock(connection, transaction, found.Value.No);
        if (amount.Currency != deposit.Base.Currency) return Refusal.CurrencyMismatch;
        if (amount.Micros <= 0 || amount.Micros % Money.MicrosPerCent != 0) return Refusal.BadAmount;
        if (deposit.PaidByNo is not { } paidBy) return Refusal.NothingToRefund;
        var payment = await PaymentStore.Read(connection, transaction, paidBy);
        if (payment.State is not (PaymentState.Settled or PaymentState.PartlyRefunded)) return Refusal.NothingToRefund;
        var before = await Before(connection, transaction, deposit);
        if (before + amount > deposit.Base) return Refusal.NothingToRefund;
        var now = clock.GetCurrentInstant();
        var refund = await RefundStore.Insert(
            connection, transaction, payment, MoneyBack.Of(deposit, before, amount), reason, by.Name, now);
        await AuditRecordStore.Insert(
            connection, transaction,
            new AuditRecord(
                Act.RefundAsked, providerNo, by.UserNo, deposit.AccountNo, deposit.Id, by.Name, by.Address)
            { After = $"{refund.Back.Total}: {reason}" },
            now);
        return refund;
    }

    /// <summary>Of the base, that came back or is on its way back.</summary>
    internal static async Task<Money> Before(DbConnection connection, DbTransaction? transaction, Deposit deposit) =>
        (await RefundStore.OfDeposit(connection, transaction, deposit.No))
            .Where(one => one.State != RefundState.Failed)
            .Aggregate(Money.Zero(deposit.Base.Currency), (sum, one) => sum + one.Back.Base);

    async Task<Result<Refund>> GoOn(Refund refund, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var deposit = await DepositStore.Read(connection, null, refund.DepositNo);
        var payment = await PaymentStore.Read(connection, null, refund.PaymentNo);
        if (refund.State == RefundState.Done) return await ComesBack(refund, ct);
        if (refund.State == RefundState.GivenUp) return await GiveBack(refund, ct);
        var posted = await Post(refund, deposit, payment);
        if (posted.Refused is { Refusal: Refusal.InsufficientFunds } spent)
        {
            await Set(refund, RefundState.Failed, null, null, ct);
            return spent;
        }
        if (posted.Refused is { } later) return later;
        await RefundStore.Booked(
            connection, null, refund.No, posted.Value.WalletNo, posted.Value.Seq,
            clock.GetCurrentInstant() + PaymentPatience.Turn);
        refund = refund with
        {
            State = RefundState.Booked,
            WalletNo = posted.Value.WalletNo,
            EntrySeq = posted.Value.Seq,
        };
        // What came by no gateway is paid out by hand: the bank's side is booked with the payout.
        if (GatewayKinds.Named(payment.Gateway) is null) return await Done(refund, deposit, null, ct);
        var gateway = await gateways.Of(payment.ProviderNo, payment.Gateway, ct);
        if (gateway.Refused is { } none) return none;
        var view = await gateway.Value.Refund(
            new RefundOrder(
                refund.Id, payment.Id, payment.Reference!, payment.MoneyReference!, refund.Back.Total, refund.Reason),
            ct);
        if (view.Refused is { Refusal: Refusal.GatewayRefused } refused)
        {
            // Written down first: the gateway is not asked again while the money comes back.
            var givenUp = await Set(
                refund, RefundState.GivenUp, null, clock.GetCurrentInstant() + PaymentPatience.Turn, ct);
            await GiveBack(givenUp, ct);
            return refused;
        }
        if (view.Refused is { } away) return away;
        await receive.Run(payment.No, view.Value, ct);
        return await Done(refund, deposit, await NameOf(refund, view.Value), ct);
    }

    /// <summary>The gateway's name of this refund: of those of its amount, the one that is no other's.</summary>
    async Task<string?> NameOf(Refund refund, GatewayView view)
    {
        await using var connection = await database.Connect();
        var others = (await RefundStore.OfDeposit(connection, null, refund.DepositNo))
            .Where(one => one.No != refund.No).Select(one => one.GatewayId).ToHashSet(StringComparer.Ordinal);
        return view.Said.Select(one => one.Event).OfType<PaymentRefunded>()
            .Where(one => one.Amount == refund.Back.Total && !others.Contains(one.Id))
            .OrderBy(one => one.At).Select(one => one.Id).LastOrDefault();
    }

    Task<Result<MoneyMoved>> Post(Refund refund, Deposit deposit, Payment payment) => money.Post(
        new MoneyMove(
            refund.ProviderNo, refund.AccountNo, deposit.Wallet, EntryKind.Refund, refund.Back.Base,
            OfflineMethod.HouseOf(payment.Gateway), refund.Id, deposit.Id)
        {
            Taxes = [.. refund.Back.Lines.Where(line => line.Micros > 0)
                .Select(line => new TaxPart(line.House, line.Micros))],
        },
        LowBalance(refund.ProviderNo));

    async Task<Refund> Done(Refund refund, Deposit deposit, string? gatewayId, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        await database.InTransaction(
            async (connection, transaction) =>
            {
                // What the gateway says of it meanwhile waits for this commit, or was said before.
                await PaymentStore.Lock(connection, transaction, refund.PaymentNo);
                var facts = await PaymentEventStore.Facts(connection, transaction, refund.PaymentNo);
                var failed = gatewayId is not null && facts.Refunds.TryGetValue(gatewayId, out var said) && said.Failed;
                await RefundStore.SetState(
                    connection, transaction, refund.No, RefundState.Done, gatewayId, failed ? now : null);
                if (failed) return true;
                var notice = new PaymentNotice(
                    deposit.Id, deposit.Base.Currency.Code, refund.Back.Base.Micros, refund.Back.Total.Micros, "",
                    refund.Reason, null, now.ToMicros())
                { What = NoticeKind.Refunded };
                await NoticeStore.Insert(
                    connection, transaction,
                    Notice.ToAccount(refund.ProviderNo, refund.AccountNo, notice, null, $"refunded {refund.Id}"), now);
                return true;
            },
            ct);
        return refund with { State = RefundState.Done, GatewayId = gatewayId };
    }

    /// <summary>It did not reach the customer after all: the money is in the balance again.</summary>
    async Task<Result<Refund>> ComesBack(Refund refund, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var facts = await PaymentEventStore.Facts(connection, null, refund.PaymentNo);
        var failed = refund.GatewayId is { } id && facts.Refunds.TryGetValue(id, out var said) && said.Failed;
        if (!failed) return await Set(refund, RefundState.Done, null, null, ct);
        var givenUp = await Set(
            refund, RefundState.GivenUp, null, clock.GetCurrentInstant() + PaymentPatience.Turn, ct);
        return await GiveBack(givenUp, ct);
    }

    /// <summary>Into the balance again, once; where the books are busy, the next time.</summary>
    async Task<Result<Refund>> GiveBack(Refund refund, CancellationToken ct)
    {
        var entry = new EntryRef(refund.WalletNo!.Value, refund.EntrySeq!.Value);
        var reversed = await reverse.Reverse(
            refund.ProviderNo, refund.AccountNo, entry, $"{refund.Id} was not given", LowBalance(refund.ProviderNo));
        if (reversed.Refused is { } not && not.Refusal != Refusal.AlreadyReversed) return not;
        return await Set(refund, RefundState.Failed, null, null, ct);
    }

    async Task<Refund> Set(
        Refund refund, RefundState state, string? gatewayId, Instant? nextAt, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        await RefundStore.SetState(connection, null, refund.No, state, gatewayId, nextAt);
        return refund with { State = state };
    }

    long LowBalance(int providerNo) => rules.Providers.PolicyOf(providerNo, clock.GetCurrentInstant()).Value
        .Policy.Alert.LowBalanceMicros;
}
