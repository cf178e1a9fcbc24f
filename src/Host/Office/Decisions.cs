using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;

namespace Tollkeeper.Host.Office;

/// <summary>
/// What an approval brings about, by its kind. It is decided first and takes effect next; where that breaks off, a
/// regular task does it again, and every effect is one that can be repeated.
/// </summary>
sealed class Decisions(Installation installation)
{
    /// <summary>Refusals: those of <see cref="DecideApproval"/>, and of what it brings about.</summary>
    public async Task<Refused?> Decide(
        int providerNo, string id, ApprovalOutcome outcome, string remark, Actor by, CancellationToken ct)
    {
        var decided = await new DecideApproval(installation.Database, installation.Clock).Run(
            providerNo, id, outcome, remark, by, ct);
        if (decided.Refused is { } refused) return refused;
        if (outcome == ApprovalOutcome.Approved) return await Apply(decided.Value, by);
        if (decided.Value.Kind == ApprovalKind.SignUp) await TellDeclined(decided.Value);
        return null;
    }

    /// <summary>Those that were approved and whose effect was broken off.</summary>
    public async Task ApplyLeftOver(CancellationToken ct)
    {
        var before = installation.Clock.GetCurrentInstant() - NodaTime.Duration.FromMinutes(1);
        IReadOnlyList<Approval> left;
        await using (var connection = await installation.Database.Connect(ct))
        {
            left = await ApprovalStore.Unapplied(connection, before);
        }
        foreach (var approval in left) await Apply(approval, Actor.Named(approval.DecidedBy!));
    }

    async Task<Refused?> Apply(Approval approval, Actor by)
    {
        var refused = approval.Kind switch
        {
            ApprovalKind.CreditLimit => await Credit(approval, by),
            ApprovalKind.CreditApplication => null,
            ApprovalKind.SignUp => await SignUp(approval, by),
            ApprovalKind.RateDeck => null,
        };
        if (refused is { Refusal: Refusal.Busy or Refusal.DatabaseAway }) return refused;
        await using var connection = await installation.Database.Connect();
        await ApprovalStore.Applied(connection, null, approval.No);
        return refused;
    }

    async Task TellDeclined(Approval approval)
    {
        var (id, application) = SignUpProposal.Read(approval.Proposal);
        var notice = new StrangerNotice(application.Email, application.Profile.Language, id)
        {
            What = NoticeKind.SignUpDeclined,
        };
        await installation.Database.InTransaction((connection, transaction) => NoticeStore.Insert(
            connection, transaction, Notice.ToStranger(approval.ProviderNo, notice),
            installation.Clock.GetCurrentInstant()));
    }

    async Task<Refused?> SignUp(Approval approval, Actor by)
    {
        var provider = installation.Rules.Providers.ByNo(approval.ProviderNo).Value;
        var opened = await new OpenSignedUp(installation.Database, installation.Clock).Run(
            provider, SignUpProposal.Read(approval.Proposal).SignUpId, by);
        return opened.Refused;
    }

    async Task<Refused?> Credit(Approval approval, Actor by)
    {
        var (accountNo, credit) = (approval.AccountNo!.Value, CreditProposal.Read(approval.Proposal));
        await using var connection = await installation.Database.Connect();
        var facts = (await AccountStore.LoadFacts(connection, null, [accountNo]))[accountNo];
        var applied = await new ApplyCredit(installation.Database, installation.Bookkeeper, installation.Clock).Run(
            approval.ProviderNo, accountNo, facts.Currency, credit, approval.Id, by);
        return applied.Refused;
    }
}
