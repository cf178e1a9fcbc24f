using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Makes a customer: account, wallets, profile and first user, the primary admin, all or nothing; with what the
/// provider's policy gives a new account. Refusals: those of <see cref="SignUpApplication.Problems"/>,
/// <see cref="CreateAccount"/> and <see cref="CreateUser"/>.
/// </summary>
public sealed class OpenCustomer(Database database, IClock clock)
{
    /// <param name="passwordHash">Null: the user chooses one with the link of an invitation.</param>
    /// <param name="also">What else is to be written with it.</param>
    public async Task<Result<CreatedAccount>> Run(
        Provider provider, SignUpApplication application, string? passwordHash, Actor by,
        Func<DbConnection, DbTransaction, CreatedAccount, User, Task<Refused?>>? also = null,
        CancellationToken ct = default)
    {
        if (application.Problems().FirstOrDefault() is { } problem) return problem;
        Demand.That(EmailAddress.TryParse(application.Email, out var email), "the address is good");
        var wanted = await Wanted(provider, application, ct);
        if (wanted.Refused is { } noDeck) return noDeck;
        return await new OpenAccount(database, clock).Run(wanted.Value, Furnish, ct);

        async Task<Refused?> Furnish(DbConnection connection, DbTransaction transaction, CreatedAccount made)
        {
            var (now, profile) = (clock.GetCurrentInstant(), application.Profile);
            await ProfileStore.Save(connection, transaction, made.No, profile with { Version = 0 });
            var first = await CreateUser.In(
                connection, transaction,
                new NewUser(
                    provider.No, made.No, email, passwordHash is not null, passwordHash, profile.Language,
                    Role.PrimaryAdmin, profile.ContactName),
                by, now);
            if (first.Refused is { } taken) return taken;
            var record = new AuditRecord(
                Act.AccountOpened, provider.No, by.UserNo, made.No, made.Id.Text, by.Name, by.Address)
            {
                After = $"{application.Name}, {application.Type}",
            };
            await AuditRecordStore.Insert(connection, transaction, record, now);
            return also is null ? null : await also(connection, transaction, made, first.Value);
        }
    }

    /// <summary>Refusal: <see cref="Refusal.UnknownDeck"/>, where the policy names one that there is not.</summary>
    async Task<Result<NewAccount>> Wanted(Provider provider, SignUpApplication application, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var policies = await ProviderStore.Policies(connection, null);
        var policy = PolicyVersion.InForce(
            [.. policies.Where(each => each.ProviderNo == provider.No)], clock.GetCurrentInstant())!.Policy;
        var begins = policy.Accounts.SignUp;
        if (await AccountStore.DeckNamed(connection, provider.No, begins.OutboundDeck) is not { } outbound)
            return new Refused(Refusal.UnknownDeck, begins.OutboundDeck);
        var inbound = begins.InboundDeck is { } name
            ? await AccountStore.DeckNamed(connection, provider.No, name)
            : null;
        return new NewAccount(
            provider.No, application.Name, application.Type, provider.Currency, TaxStatus.NonExempt, outbound,
            inbound, begins.Channels, begins.CallsPerSecond, null, []);
    }
}

/// <summary>
/// Makes a customer of a confirmed sign-up, once. Refusals: those of <see cref="OpenCustomer"/>,
/// <see cref="Refusal.LinkSpent"/>.
/// </summary>
public sealed class OpenSignedUp(Database database, IClock clock)
{
    /// <returns>Null where it has an account already.</returns>
    public async Task<Result<CreatedAccount?>> Run(
        Provider provider, string signUpId, Actor by, CancellationToken ct = default)
    {
        Result<SignUp> found;
        await using (var connection = await database.Connect(ct))
        {
            found = await SignUpStore.FindById(connection, null, provider.No, signUpId);
        }
        if (found.Refused is { } unknown) return unknown;
        if (found.Value.AccountNo is not null) return (CreatedAccount?)null;
        if (found.Value.PasswordHash is null) return Refusal.LinkSpent;
        var opened = await new OpenCustomer(database, clock).Run(
            provider, found.Value.Application, found.Value.PasswordHash, by,
            async (connection, transaction, made, user) =>
            {
                if (!await SignUpStore.Opened(connection, transaction, signUpId, made.No)) return Refusal.LinkSpent;
                var welcome = new SignInNotice(found.Value.Language) { What = NoticeKind.Welcome };
                await NoticeStore.Insert(
                    connection, transaction, Notice.ToUser(user, welcome), clock.GetCurrentInstant());
                return null;
            },
            ct);
        return opened.Refused is { } refused ? refused : opened.Value;
    }
}
