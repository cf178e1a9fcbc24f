using System.Data.Common;
using Microsoft.Extensions.Logging;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Ledger;

namespace Tollkeeper.Host.Office;

/// <summary>
/// What an approval brings about, by its kind. It is decided first and takes effect next; where that breaks off, a
/// regular task does it again, and every effect is one that can be repeated.
/// </summary>
public sealed class Decisions(Installation installation, ILogger log)
{
    /// <summary>Refusals: those of <see cref="DecideApproval"/>, and of what it brings about.</summary>
    public async Task<Refused?> Decide(
        int providerNo, string id, ApprovalOutcome outcome, string remark, Actor by, CancellationToken ct)
    {
        var decided = await new DecideApproval(installation.Database, installation.Clock).Run(
            providerNo, id, outcome, remark, by,
            outcome == ApprovalOutcome.Declined ? TellDeclined : null, ct);
        if (decided.Refused is { } refused) return refused;
        return outcome == ApprovalOutcome.Approved ? await Apply(decided.Value, by) : null;
    }

    /// <summary>Those that were approved, or needed no approval, and whose effect was broken off.</summary>
    public async Task ApplyLeftOver(CancellationToken ct)
    {
        var before = installation.Clock.GetCurrentInstant() - NodaTime.Duration.FromMinutes(1);
        IReadOnlyList<Approval> approved;
        IReadOnlyList<SignUp> confirmed;
        await using (var connection = await installation.Database.Connect(ct))
        {
            approved = await ApprovalStore.Unapplied(connection, before);
            confirmed = await SignUpStore.LeftOver(connection, before);
        }
        foreach (var approval in approved)
            await Alone(() => Apply(approval, Actor.Named(approval.DecidedBy!)));
        foreach (var signUp in confirmed) await Alone(() => Open(signUp));
    }

    /// <summary>One that fails keeps the others from nothing; it comes again.</summary>
    async Task Alone(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            HostLog.TaskFailed(log, exception);
        }
    }

    /// <summary>A sign-up that needed no approval, and whose account was not made when it was confirmed.</summary>
    async Task Open(SignUp signUp)
    {
        var provider = installation.Rules.Providers.ByNo(signUp.ProviderNo).Value;
        var opened = await new OpenSignedUp(installation.Database, installation.Clock).Run(
            provider, signUp.Id, Actor.Named(signUp.Application.Email));
        // The address became another's meanwhile: nothing will come of it.
        if (opened.Refused is not { Refusal: Refusal.AlreadyExists }) return;
        await using var connection = await installation.Database.Connect();
        await SignUpStore.GiveUp(connection, null, signUp.Id);
    }

    /// <summary>
    /// Brings about what was approved. Where the database is away for a moment nothing is refused: it is decided, and
    /// takes effect by itself.
    /// </summary>
    public async Task<Refused?> Apply(Approval approval, Actor by)
    {
        var refused = approval.Kind switch
        {
            ApprovalKind.CreditLimit => await Credit(approval, by),
            ApprovalKind.CreditApplication => null,

            // It took effect with the decision.
            ApprovalKind.TaxExemption => null,
            ApprovalKind.SignUp => await SignUp(approval, by),
            ApprovalKind.Adjustment => await Adjust(approval, by),
            ApprovalKind.OfflinePayment => await new ApplyOfflinePayment(
                installation.Database, installation.Rules, installation.Money, installation.Clock).Run(approval, by),
            ApprovalKind.PaymentReturn => await new ApplyPaymentReturn(
                installation.Database, installation.Rules, installation.Clock).Run(approval),
        };
        if (refused is { Refusal: Refusal.Busy or Refusal.DatabaseAway or Refusal.ClockSkewed }) return null;
        await using var connection = await installation.Database.Connect();
        if (refused is null) await ApprovalStore.Applied(connection, null, approval.No);
        else
        {
            var why = Refusals.Of(refused.Refusal).Name;
            await (approval.DecidedAlone
                ? ApprovalStore.Withdraw(connection, null, approval.No, why)
                : ApprovalStore.Reopen(connection, null, approval.No, why));
        }
        return refused;
    }

    Task TellDeclined(DbConnection connection, DbTransaction transaction, Approval approval) => approval.Kind switch
    {
        ApprovalKind.SignUp => SignUpDeclined(connection, transaction, approval),
        ApprovalKind.CreditApplication => CreditDeclined(connection, transaction, approval),
        ApprovalKind.TaxExemption => throw new InvalidOperationException("It is reviewed with its dates."),

        // What staff propose among themselves is told to the customer only where it answers an application.
        ApprovalKind.CreditLimit => CreditApplicationOf(approval) is null
            ? Task.CompletedTask
            : CreditDeclined(connection, transaction, approval),
        ApprovalKind.Adjustment => Task.CompletedTask,
        ApprovalKind.OfflinePayment => OfflinePaymentStore.Declined(connection, transaction, approval.Id),
        ApprovalKind.PaymentReturn => OfflinePaymentStore.ReturnDeclined(connection, transaction, approval.Id),
    };

    /// <summary>The application that a proposed limit answers.</summary>
    static string? CreditApplicationOf(Approval approval) =>
        approval.Kind == ApprovalKind.CreditLimit ? CreditProposal.Read(approval.Proposal).Application : null;

    async Task CreditDeclined(DbConnection connection, DbTransaction transaction, Approval approval)
    {
        var (accountNo, now) = (approval.AccountNo!.Value, installation.Clock.GetCurrentInstant());
        var facts = (await AccountStore.LoadFacts(connection, transaction, [accountNo]))[accountNo];
        var application = CreditApplicationOf(approval) is { } asked
            ? (await ApprovalStore.Find(connection, transaction, approval.ProviderNo, asked)).Value
            : approval;
        var notice = new CreditDecidedNotice(
            facts.Currency.Code, null, null, null, now.ToMicros(), application.AskedByUserNo);
        await NoticeStore.Insert(
            connection, transaction, Notice.ToAccount(approval.ProviderNo, accountNo, notice), now);
    }

    /// <summary>A stranger who may not become a customer is told so, and the password is kept no longer.</summary>
    async Task SignUpDeclined(DbConnection connection, DbTransaction transaction, Approval approval)
    {
        var (id, application) = SignUpProposal.Read(approval.Proposal);
        var notice = new StrangerNotice(application.Email, application.Profile.Language, id)
        {
            What = NoticeKind.SignUpDeclined,
        };
        await SignUpStore.GiveUp(connection, transaction, id);
        await NoticeStore.Insert(
            connection, transaction, Notice.ToStranger(approval.ProviderNo, notice),
            installation.Clock.GetCurrentInstant());
    }

    async Task<Refused?> SignUp(Approval approval, Actor by)
    {
        var provider = installation.Rules.Providers.ByNo(approval.ProviderNo).Value;
        var opened = await new OpenSignedUp(installation.Database, installation.Clock).Run(
            provider, SignUpProposal.Read(approval.Proposal).SignUpId, by);
        return opened.Refused;
    }

    async Task<Refused?> Adjust(Approval approval, Actor by)
    {
        var accountNo = approval.AccountNo!.Value;
        var policy = installation.Rules.Providers.PolicyOf(
            approval.ProviderNo, installation.Clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        var provider = installation.Rules.Providers.ByNo(approval.ProviderNo).Value;
        var applied = await new ApplyAdjustment(installation.Database, installation.Money, installation.Clock).Run(
            approval.ProviderNo, accountNo, provider.Currency, Adjustment.Read(approval.Proposal), approval.Id,
            policy.Value.Policy.Alert.LowBalanceMicros, by);
        return applied.Refused;
    }

    async Task<Refused?> Credit(Approval approval, Actor by)
    {
        var (accountNo, credit) = (approval.AccountNo!.Value, CreditProposal.Read(approval.Proposal));
        await using var connection = await installation.Database.Connect();
        // Broken off for so long that a later limit is in force: that one stays.
        if (await ApprovalStore.IsOvertaken(connection, approval)) return null;
        var facts = (await AccountStore.LoadFacts(connection, null, [accountNo]))[accountNo];
        var applied = await new ApplyCredit(installation.Database, installation.Bookkeeper, installation.Clock).Run(
            approval.ProviderNo, accountNo, facts.Currency, credit, approval.Id, by);
        return applied.Refused;
    }
}
