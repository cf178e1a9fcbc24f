using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Taxes;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Puts money that came past every gateway before a second person (PAY-07); nothing is posted before. Refusals: those
/// of <see cref="OfflinePayment.Problems"/>, <see cref="Refusal.UnknownAccount"/>, <see cref="Refusal.PaymentKnown"/>,
/// <see cref="Refusal.UnknownDeposit"/>, <see cref="Refusal.DepositEnded"/>, <see cref="Refusal.PaymentDiffers"/>, and
/// those of <see cref="DepositTaxes"/>.
/// </summary>
public sealed class RecordOfflinePayment(Database database, RulesInForce rules, IClock clock)
{
    /// <returns>The id of the approval that it waits for.</returns>
    public async Task<Result<string>> Run(
        int providerNo, long accountNo, string subject, OfflinePayment payment, Actor by,
        CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var policy = rules.Providers.PolicyOf(providerNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        var zone = BillingZone.Of(policy.Value.Policy.Calendar).Value;
        if (payment.Problems(now.InZone(zone).Date).FirstOrDefault() is { } problem) return problem;
        var wallets = await WalletStore.Of(database, accountNo, ct);
        if (payment.Deposit is null && OfflineDeposit.WalletOf(wallets, payment) is null)
            return new Refused(Refusal.UnknownAccount, "Wallet");
        return await database.InTransaction<string>(
            async (connection, transaction) =>
            {
                var deposit = await OfflineDeposit.Of(
                    connection, transaction, rules, providerNo, accountNo, policy.Value.Policy, wallets, payment);
                if (deposit.Refused is { } refused) return refused;
                var wanted = new NewApproval(
                    providerNo, accountNo, ApprovalKind.OfflinePayment, subject, payment.ToJson());
                var id = await Propose.In(connection, transaction, wanted, by, now);
                return await OfflinePaymentStore.Insert(
                        connection, transaction, providerNo, accountNo, id, payment, now)
                    ? id
                    : new Refused(Refusal.PaymentKnown, nameof(OfflinePayment.Reference));
            },
            ct);
    }
}

/// <summary>
/// What a recorded payment would pay, with its taxes, before anybody decides. Refusals: those of
/// <see cref="RecordOfflinePayment"/> about the document.
/// </summary>
public sealed class PreviewOfflinePayment(Database database, RulesInForce rules, IClock clock)
{
    public async Task<Result<Deposit>> Run(
        int providerNo, long accountNo, OfflinePayment payment, CancellationToken ct = default)
    {
        var policy = rules.Providers.PolicyOf(providerNo, clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        var wallets = await WalletStore.Of(database, accountNo, ct);
        return await database.InTransaction<Deposit>(
            (connection, transaction) => OfflineDeposit.Of(
                connection, transaction, rules, providerNo, accountNo, policy.Value.Policy, wallets, payment),
            ct);
    }
}

/// <summary>The document that a recorded payment pays.</summary>
static class OfflineDeposit
{
    /// <summary>
    /// The outstanding one that is named, whose total it must be to the cent; or one made of the sum itself, whose
    /// taxes are inside it (TAX-CA-06), with no number and no id yet.
    /// </summary>
    public static async Task<Result<Deposit>> Of(
        DbConnection connection, DbTransaction transaction, RulesInForce rules, int providerNo, long accountNo,
        Policy policy, IReadOnlyList<WalletState> wallets, OfflinePayment payment)
    {
        if (payment.Deposit is { } id)
        {
            var found = await DepositStore.Find(connection, transaction, accountNo, id);
            if (found.Refused is { } unknown) return unknown with { Detail = nameof(payment.Deposit) };
            var named = await DepositStore.Lock(connection, transaction, found.Value.No);
            if (named.State != DepositState.Outstanding)
                return new Refused(Refusal.DepositEnded, nameof(payment.Deposit));
            return named.Total.Micros == payment.AmountMicros
                ? named
                : new Refused(Refusal.PaymentDiffers, nameof(payment.Deposit));
        }
        var into = WalletOf(wallets, payment);
        if (into is null) return Refusal.UnknownAccount;
        var place = TaxPlace.Of(await ProfileStore.Find(connection, transaction, accountNo));
        var taxes = await ProviderTaxes.Of(connection, transaction, rules, providerNo, accountNo, policy);
        var quote = taxes.Inside(new Money(payment.AmountMicros, into.Currency), place, payment.ReceivedOn);
        if (quote.Refused is { } refused) return refused;
        return new Deposit(
            0, "", providerNo, accountNo, into.Name, DepositState.Outstanding, quote.Value.Base, place,
            payment.ReceivedOn, DepositLine.Of(quote.Value), default, null);
    }

    public static WalletState? WalletOf(IReadOnlyList<WalletState> wallets, OfflinePayment payment) =>
        payment.Wallet is { } name
            ? wallets.FirstOrDefault(one => one.Name == name)
            : wallets.FirstOrDefault(one => WalletName.Pays(one.Name).HasFlag(Directions.Outbound));
}

/// <summary>
/// Makes an approved one a payment that has settled, once however often it is repeated, and credits it as any other.
/// Refusals: <see cref="Refusal.DepositEnded"/>, <see cref="Refusal.PaymentDiffers"/> where the document was paid,
/// voided or quoted anew meanwhile, and those of <see cref="DepositTaxes"/>.
/// </summary>
public sealed class ApplyOfflinePayment(Database database, RulesInForce rules, PostMoney money, IClock clock)
{
    public async Task<Refused?> Run(Approval approval, Actor by, CancellationToken ct = default)
    {
        var payment = OfflinePayment.Read(approval.Proposal);
        var accountNo = approval.AccountNo!.Value;
        var policy = rules.Providers.PolicyOf(approval.ProviderNo, clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        var wallets = await WalletStore.Of(database, accountNo, ct);
        var begun = await database.InTransaction<PostedPayment>(
            async (connection, transaction) =>
            {
                var known = await OfflinePaymentStore.Lock(connection, transaction, approval.Id);
                if (known is { } no) return await OfflinePaymentStore.Read(connection, transaction, no);
                var deposit = await OfflineDeposit.Of(
                    connection, transaction, rules, approval.ProviderNo, accountNo, policy.Value.Policy, wallets,
                    payment);
                if (deposit.Refused is { } refused) return refused;
                return await Begin(connection, transaction, approval, payment, deposit.Value, by);
            },
            ct);
        if (begun.Refused is { } notBegun) return notBegun;
        var zone = BillingZone.Of(policy.Value.Policy.Calendar).Value;
        var settled = new PaymentSettled(zone.AtStartOfDay(payment.ReceivedOn).ToInstant(), begun.Value.Asked);
        var heard = await new ReceivePaymentEvent(database, clock).Run(
            begun.Value.No, new GatewaySaid(approval.Id, settled, approval.Proposal), ct);
        // What cannot be credited at once is credited by the regular task.
        if (heard.State == PaymentState.Settled)
            await new CreditPayments(database, rules, money, clock).Credit(heard, ct);
        return null;
    }

    async Task<PostedPayment> Begin(
        DbConnection connection, DbTransaction transaction, Approval approval, OfflinePayment payment,
        Deposit deposit, Actor by)
    {
        var now = clock.GetCurrentInstant();
        if (deposit.No == 0)
        {
            var written = deposit with { Id = Database.NewId(PublicId.Deposit).Text, CreatedAt = now };
            deposit = await DepositStore.Insert(connection, transaction, written, by.Name);
        }
        var made = await PaymentStore.Insert(
            connection, transaction, deposit, OfflineMethod.GatewayOf(payment.Method), payment.Method, now, null,
            by.Name);
        await OfflinePaymentStore.Became(connection, transaction, approval.Id, made.No);
        var record = new AuditRecord(
            Act.OfflinePaymentPosted, approval.ProviderNo, by.UserNo, approval.AccountNo, made.Id, by.Name,
            by.Address)
        {
            After = $"{deposit.Total} by {payment.Method}, {payment.Reference}, received {payment.Received}: "
                + $"{deposit.Id}",
        };
        await AuditRecordStore.Insert(connection, transaction, record, now);
        return new PostedPayment(made.No, made.Id, made.Gateway, made.AccountNo, made.State, made.Asked);
    }
}

/// <summary>
/// Puts it before a second person that such a payment went back. Refusals: those of
/// <see cref="PaymentReturn.Problems"/>, <see cref="Refusal.UnknownPayment"/>, <see cref="Refusal.PaymentGone"/>.
/// </summary>
public sealed class RecordPaymentReturn(Database database, RulesInForce rules, IClock clock)
{
    /// <returns>The id of the approval that it waits for.</returns>
    public async Task<Result<string>> Run(
        int providerNo, string subject, PaymentReturn returned, Actor by, CancellationToken ct = default)
    {
        var now = clock.GetCurrentInstant();
        var policy = rules.Providers.PolicyOf(providerNo, now);
        if (policy.Refused is { } noPolicy) return noPolicy;
        var today = now.InZone(BillingZone.Of(policy.Value.Policy.Calendar).Value).Date;
        if (returned.Problems(today).FirstOrDefault() is { } problem) return problem;
        return await database.InTransaction<string>(
            async (connection, transaction) =>
            {
                var found = await OfflinePaymentStore.Find(connection, transaction, providerNo, returned.Payment);
                if (found.Refused is { } unknown) return unknown;
                if (found.Value.State is not (PaymentState.Settled or PaymentState.PartlyRefunded))
                    return Refusal.PaymentGone;
                var wanted = new NewApproval(
                    providerNo, found.Value.AccountNo, ApprovalKind.PaymentReturn, subject, returned.ToJson());
                var id = await Propose.In(connection, transaction, wanted, by, now);
                return await OfflinePaymentStore.SetReturn(connection, transaction, found.Value.No, id)
                    ? id
                    : Refusal.PaymentGone;
            },
            ct);
    }
}

/// <summary>
/// Says of an approved return what a gateway says of a dispute that was lost (ACC-02): the money went back. What that
/// does to the books follows as for any other payment.
/// </summary>
public sealed class ApplyPaymentReturn(Database database, RulesInForce rules, IClock clock)
{
    public async Task<Refused?> Run(Approval approval, CancellationToken ct = default)
    {
        var returned = PaymentReturn.Read(approval.Proposal);
        var policy = rules.Providers.PolicyOf(approval.ProviderNo, clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        Result<PostedPayment> found;
        await using (var connection = await database.Connect(ct))
            found = await OfflinePaymentStore.Find(connection, null, approval.ProviderNo, returned.Payment);
        if (found.Refused is { } unknown) return unknown;
        var zone = BillingZone.Of(policy.Value.Policy.Calendar).Value;
        var lost = new PaymentDisputed(
            zone.AtStartOfDay(returned.ReturnedOn).ToInstant(), approval.Id, found.Value.Asked, DisputeStage.Lost);
        await new ReceivePaymentEvent(database, clock).Run(
            found.Value.No, new GatewaySaid(approval.Id, lost, approval.Proposal), ct);
        return null;
    }
}
