using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Tollkeeper.Accounts;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// Looks at passwords, a few at a time: each look is a tenth of a second of a whole core, and calls need the cores too.
/// An address that nobody has, or that has no password yet, is looked at just as long.
/// </summary>
sealed class PasswordLooks(IPasswordHasher<SignInUser> hasher) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of no password that anybody knows.</summary>
    static readonly string Nobodys = PasswordHash.Of(
        Guid.NewGuid().ToString(), Guid.NewGuid().ToByteArray());

    readonly SemaphoreSlim looking = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Refusal: <see cref="Refusal.Busy"/>.</summary>
    public async Task<Result<bool>> IsRight(SignInUser? user, string password, CancellationToken ct)
    {
        if (password.Length > PasswordRules.Longest) return false;
        return await Take(
            () =>
            {
                var kept = user?.Row.PasswordHash;
                var answer = hasher.VerifyHashedPassword(user!, kept ?? Nobodys, password);
                return kept is not null && answer != PasswordVerificationResult.Failed;
            },
            ct);
    }

    /// <summary>Refusal: <see cref="Refusal.Busy"/>.</summary>
    public Task<Result<string>> Hash(string password, CancellationToken ct) =>
        Take(() => PasswordHash.Of(password, RandomNumberGenerator.GetBytes(PasswordHash.SaltBytes)), ct);

    public void Dispose() => looking.Dispose();

    async Task<Result<T>> Take<T>(Func<T> look, CancellationToken ct)
    {
        if (!await looking.WaitAsync(Patience, ct)) return Refusal.Busy;
        try
        {
            return await Task.Run(look, ct);
        }
        finally
        {
            looking.Release();
        }
    }
}
