using Microsoft.AspNetCore.Identity;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// The codes of authenticators, by our own clock and each good once, where Identity's own would take a code again.
/// </summary>
sealed class AuthenticatorCodes(Installation installation) : IUserTwoFactorTokenProvider<SignInUser>
{
    /// <summary>An authenticator makes its codes itself.</summary>
    public Task<string> GenerateAsync(string purpose, UserManager<SignInUser> manager, SignInUser user) =>
        Task.FromResult("");

    public async Task<bool> ValidateAsync(
        string purpose, string token, UserManager<SignInUser> manager, SignInUser user)
    {
        if (await KeyOf(manager, user) is not { } key) return false;
        return (await new AcceptCode(installation.Database, installation.Clock).Run(user.Row, key, token)).Accepted;
    }

    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<SignInUser> manager, SignInUser user) =>
        await KeyOf(manager, user) is not null;

    static async Task<byte[]?> KeyOf(UserManager<SignInUser> manager, SignInUser user) =>
        await manager.GetAuthenticatorKeyAsync(user) is { } text ? TimedCode.KeyOf(text) : null;
}
