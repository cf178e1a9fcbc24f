using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Keeps what a stranger filled in, until the link in a mail proves that the address is theirs. Nobody learns here
/// whether the address is a customer's already: the mail tells its owner. Refusals: those of
/// <see cref="SignUpApplication.Problems"/> (the first).
/// </summary>
public sealed class AskSignUp(Database database, IClock clock)
{
    /// <returns>Its id.</returns>
    public Task<Result<string>> Run(
        int providerNo, SignUpApplication application, Language language, string address,
        CancellationToken ct = default) =>
        database.InTransaction<string>(
            async (connection, transaction) =>
            {
                if (application.Problems().FirstOrDefault() is { } problem) return problem;
                Demand.That(EmailAddress.TryParse(application.Email, out var email), "the address is good");
                var now = clock.GetCurrentInstant();
                var id = Database.NewId(PublicId.SignUp).Text;
                var known = await UserStore.Find(connection, transaction, providerNo, email.Key);
                await SignUpStore.Insert(connection, transaction, id, providerNo, application, language, now);
                var notice = new StrangerNotice(email.Text, language, id)
                {
                    What = known.Accepted ? NoticeKind.AlreadyCustomer : NoticeKind.SignUp,
                };
                await NoticeStore.Insert(connection, transaction, Notice.ToStranger(providerNo, notice), now);
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(Act.SignUpAsked, providerNo, null, null, id, email.Text, address), now);
                return id;
            },
            ct);

    /// <summary>
    /// The text for the link of the mail that is about to be sent; it is kept nowhere. Refusal:
    /// <see cref="Refusal.LinkSpent"/>, where it is confirmed already.
    /// </summary>
    public async Task<Result<string?>> IssueToken(int providerNo, string id, CancellationToken ct = default)
    {
        var token = LinkToken.New();
        var set = await database.InTransaction(
            (connection, transaction) => SignUpStore.SetToken(
                connection, transaction, providerNo, id, LinkToken.Sha256(token),
                clock.GetCurrentInstant() + LinkLife.Of(LinkPurpose.SignUp)),
            ct);
        return set ? token : Refusal.LinkSpent;
    }

    /// <summary>Whose link it is, without using it. Refusal: <see cref="Refusal.LinkSpent"/>.</summary>
    public async Task<Result<SignUp>> Look(int providerNo, string? token, CancellationToken ct = default)
    {
        if (token is null) return Refusal.LinkSpent;
        await using var connection = await database.ConnectForPage(ct);
        return await SignUpStore.Find(connection, null, providerNo, LinkToken.Sha256(token), clock.GetCurrentInstant());
    }

    /// <summary>
    /// The address is theirs and a password is chosen. Where staff are to look at it first, it is put before them.
    /// Refusal: <see cref="Refusal.LinkSpent"/>.
    /// </summary>
    public Task<Result<SignUp>> Confirm(
        int providerNo, string? token, string passwordHash, bool needsApproval, string address,
        CancellationToken ct = default) =>
        database.InTransaction<SignUp>(
            async (connection, transaction) =>
            {
                if (token is null) return Refusal.LinkSpent;
                var now = clock.GetCurrentInstant();
                var found = await SignUpStore.Find(connection, transaction, providerNo, LinkToken.Sha256(token), now);
                if (found.Refused is { } spent) return spent;
                var signUp = found.Value;
                if (!await SignUpStore.Confirm(
                    connection, transaction, signUp.Id, passwordHash, needsApproval, now))
                    return Refusal.LinkSpent;
                var by = new Actor(null, signUp.Application.Email, address);
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(Act.SignUpConfirmed, providerNo, null, null, signUp.Id, by.Name, address), now);
                if (needsApproval)
                {
                    var wanted = new NewApproval(
                        providerNo, null, ApprovalKind.SignUp, signUp.Application.Name,
                        new SignUpProposal(signUp.Id, signUp.Application).ToJson());
                    await Propose.In(connection, transaction, wanted, by, now);
                }
                return signUp with { ConfirmedAt = now, PasswordHash = passwordHash };
            },
            ct);
}
