using Microsoft.AspNetCore.Identity;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// What ASP.NET Core Identity asks of whoever keeps its users, answered from our own tables. It sees the users of the
/// provider whose host is asked, and no others.
/// </summary>
sealed partial class UserAdapter(Installation installation, Visit visit) :
    IUserPasswordStore<SignInUser>, IUserEmailStore<SignInUser>, IUserSecurityStampStore<SignInUser>,
    IUserTwoFactorStore<SignInUser>
{
    static readonly IdentityError Lost = new()
    {
        Code = Refusals.Of(Refusal.ChangedMeanwhile).Name,
        Description = Refusals.Of(Refusal.ChangedMeanwhile).English,
    };

    public async Task<SignInUser?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        await using var connection = await installation.Database.ConnectForPage(cancellationToken);
        return Own(await UserStore.FindById(connection, null, userId));
    }

    public async Task<SignInUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        if (visit.Provider is not { } provider) return null;
        await using var connection = await installation.Database.ConnectForPage(cancellationToken);
        return Own(await UserStore.Find(connection, null, provider.No, normalizedEmail));
    }

    public Task<SignInUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindByEmailAsync(normalizedUserName, cancellationToken);

    /// <summary>All or nothing, and not over somebody else's change. The session that asks goes on.</summary>
    public async Task<IdentityResult> UpdateAsync(SignInUser user, CancellationToken cancellationToken)
    {
        var saved = await new SaveUser(installation.Database, installation.Clock).Run(
            user.Row, visit.Person?.SessionId, cancellationToken);
        if (saved.Refused is not null) return IdentityResult.Failed(Lost);
        user.Row = saved.Value;
        return IdentityResult.Success;
    }

    /// <summary>Users are made by <see cref="CreateUser"/>, which knows whose they are.</summary>
    public Task<IdentityResult> CreateAsync(SignInUser user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Identity makes no users here.");

    public Task<IdentityResult> DeleteAsync(SignInUser user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Users are barred, not deleted: records name them.");

    public Task<string> GetUserIdAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Row.Id);

    public Task<string?> GetUserNameAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Row.Email.Text);

    public Task<string?> GetNormalizedUserNameAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Row.Email.Key);

    public Task<string?> GetEmailAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Row.Email.Text);

    public Task<string?> GetNormalizedEmailAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Row.Email.Key);

    public Task<bool> GetEmailConfirmedAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Row.EmailConfirmed);

    public Task SetEmailConfirmedAsync(SignInUser user, bool confirmed, CancellationToken cancellationToken) =>
        Change(user, row => row with { EmailConfirmed = confirmed });

    public Task SetEmailAsync(SignInUser user, string? email, CancellationToken cancellationToken)
    {
        Demand.That(EmailAddress.TryParse(email, out var address), "an e-mail address was looked at before");
        return Change(user, row => row with { Email = address });
    }

    /// <summary>The name of a user is its address, and how it is found follows from it.</summary>
    public Task SetUserNameAsync(SignInUser user, string? userName, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task SetNormalizedUserNameAsync(
        SignInUser user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetNormalizedEmailAsync(
        SignInUser user, string? normalizedEmail, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetPasswordHashAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Row.PasswordHash);

    public Task<bool> HasPasswordAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Row.PasswordHash is not null);

    public Task SetPasswordHashAsync(SignInUser user, string? passwordHash, CancellationToken cancellationToken) =>
        Change(user, row => row with { PasswordHash = passwordHash });

    public Task<string?> GetSecurityStampAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Row.Stamp);

    public Task SetSecurityStampAsync(SignInUser user, string stamp, CancellationToken cancellationToken) =>
        Change(user, row => row with { Stamp = stamp });

    public Task<bool> GetTwoFactorEnabledAsync(SignInUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Row.TwoStep);

    public Task SetTwoFactorEnabledAsync(SignInUser user, bool enabled, CancellationToken cancellationToken) =>
        Change(user, row => row with { TwoStep = enabled });

    /// <summary>It holds nothing that lasts: each question has a connection of its own.</summary>
    public void Dispose()
    {
    }

    SignInUser? Own(Result<User> found) =>
        found.Accepted && found.Value.ProviderNo == visit.Provider?.No ? new SignInUser(found.Value) : null;

    static Task Change(SignInUser user, Func<User, User> change)
    {
        user.Row = change(user.Row);
        return Task.CompletedTask;
    }
}
