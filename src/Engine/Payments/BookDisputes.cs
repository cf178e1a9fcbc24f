using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Disputes in the books (ACC-02): the gateway takes the money at once, and so does the balance, below its floor if
/// need be; the account is off then until it is paid. Won, it is reversed; lost, it stays. Each step can be repeated.
/// </summary>
public sealed class BookDisputes(
    Database database, RulesInForce rules, PostMoney money, ReverseEntry reverse, IClock clock)
{
    /// <param name="onRefused">Told of each that cannot be booked now.</param>
    public async Task<int> Run(int most, Action<Dispute, Refused>? onRefused = null, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var due = await database.InTransaction(
            (connection, transaction) => DisputeStore.TakeDue(
                connection, transaction, now, now + PaymentPatience.Turn, most), ct);
        foreach (var dispute in due)
            if ((await Book(dispute, ct)).Refused is { } refused) onRefused?.Invoke(dispute, refused);
        return due.Count;
    }

    /// <summary>Refusals: <see cref="Refusal.NothingToRefund"/> where staff have to look: the deposit is not in the
    /// balance, or the bank asks for another amount; those of <see cref="PostMoney"/>.</summary>
    async Task<Result<bool>> Book(Dispute dispute, CancellationToken ct)
    {
        // Won before it was ever booked: nothing is to be done but to say so.
        if (dispute is { Entry: null, Back: null, Stage: DisputeStage.Won })
            return await Done(dispute, reversed: false, ct);
        var decided = await Decide(dispute, ct);
        if (decided.Refused is { } not) return not;
        var posted = await Post(decided.Value, ct);
        if (posted.Refused is { } notPosted) return notPosted;
        if (dispute.Stage != DisputeStage.Won) return await Done(dispute, reversed: false, ct);
        var reversed = await reverse.Reverse(
            dispute.ProviderNo, dispute.AccountNo, posted.Value, $"dispute {dispute.GatewayId} won",
            LowBalance(dispute.ProviderNo));
        if (reversed.Refused is { } notReversed && notReversed.Refusal != Refusal.AlreadyReversed) return notReversed;
        return await Done(dispute, reversed: true, ct);
    }

    /// <summary>How much of the tax goes back follows from what is left of the deposit now, and is kept.</summary>
    Task<Result<Dispute>> Decide(Dispute dispute, CancellationToken ct) => dispute.Back is not null
        ? Task.FromResult<Result<Dispute>>(dispute)
        : database.InTransaction<Dispute>(
            async (connection, transaction) =>
            {
                var deposit = await DepositStore.Lock(connection, transaction, dispute.DepositNo);
                if (await DisputeStore.EntryOf(connection, transaction, dispute.AccountNo, deposit.Id) is not { } came)
                    return Refusal.NothingToRefund;
                var before = await RefundDeposit.Before(connection, transaction, deposit);
                var wallets = await WalletStore.Of(connection, dispute.AccountNo, CancellationToken.None);
                var wallet = wallets.First(one => one.No == came.WalletNo);
                var later = await DisputeStore.CameAfter(
                    connection, transaction, came.WalletNo, came.Seq, deposit.Id);
                var unused = MoneyBack.Unused(
                    deposit, wallet.BalanceMicros - wallet.HeldMicros, later, before.Micros);
                var (back, due) = MoneyBack.ChargedBack(deposit, before.Micros, unused);
                if (back.Total + due != dispute.Amount) return Refusal.NothingToRefund;
                await DisputeStore.Decided(connection, transaction, dispute.No, back, due);
                return dispute with { Back = back, Due = due };
            },
            ct);

    async Task<Result<EntryRef>> Post(Dispute dispute, CancellationToken ct)
    {
        if (dispute.Entry is { } there) return there;
        await using var connection = await database.Connect(ct);
        var deposit = await DepositStore.Read(connection, null, dispute.DepositNo);
        var payment = await PaymentStore.Read(connection, null, dispute.PaymentNo);
        var taxes = dispute.Back!.Lines.Where(line => line.Micros > 0)
            .Select(line => new TaxPart(line.House, line.Micros)).ToList();
        if (dispute.Due!.Value.Micros > 0)
            taxes.Add(new TaxPart(LedgerCode.RecoverableTax, dispute.Due.Value.Micros));
        var moved = await money.Post(
            new MoneyMove(
                dispute.ProviderNo, dispute.AccountNo, deposit.Wallet, EntryKind.Chargeback, dispute.Back.Base,
                OfflineMethod.HouseOf(payment.Gateway), $"{payment.Id} {dispute.GatewayId}", deposit.Id)
            { Taxes = taxes },
            LowBalance(dispute.ProviderNo));
        if (moved.Refused is { } refused) return refused;
        var entry = new EntryRef(moved.Value.WalletNo, moved.Value.Seq);
        await database.InTransaction(
            connection,
            async (_, transaction) =>
            {
                await DisputeStore.Booked(connection, transaction, dispute.No, entry);
                return true;
            },
            ct);
        return entry;
    }

    Task<Result<bool>> Done(Dispute dispute, bool reversed, CancellationToken ct) => database.InTransaction(
        async (connection, transaction) =>
        {
            var now = clock.GetCurrentInstant();
            // It went on meanwhile: the rest is done next.
            if (!await DisputeStore.Done(connection, transaction, dispute, reversed, now)) return (Result<bool>)false;
            if (dispute.ToldStage == (int)dispute.Stage) return (Result<bool>)true;
            var deposit = await DepositStore.Read(connection, transaction, dispute.DepositNo);
            var notice = new PaymentNotice(
                deposit.Id, dispute.Amount.Currency.Code, dispute.Back?.Base.Micros ?? 0, dispute.Amount.Micros, "",
                dispute.Stage == DisputeStage.Open ? "" : dispute.Stage == DisputeStage.Won ? "won" : "lost", null,
                now.ToMicros())
            { What = dispute.Stage == DisputeStage.Open ? NoticeKind.DisputeOpened : NoticeKind.DisputeClosed };
            await NoticeStore.Insert(
                connection, transaction,
                Notice.ToAccount(
                    dispute.ProviderNo, dispute.AccountNo, notice, null, $"dispute {dispute.No} {(int)dispute.Stage}"),
                now);
            return (Result<bool>)true;
        },
        ct);

    long LowBalance(int providerNo) => rules.Providers.PolicyOf(providerNo, clock.GetCurrentInstant()).Value
        .Policy.Alert.LowBalanceMicros;
}
