using Microsoft.AspNetCore.Identity;
using Tollkeeper.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>Our rules for passwords where Identity asks for them; an error's code is the refusal's name.</summary>
sealed class PasswordGuard(Visit visit) : IPasswordValidator<SignInUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<SignInUser> manager, SignInUser user, string? password) =>
        Task.FromResult(PasswordRules.Problem(password, user.Row.Email, visit.Provider?.Name ?? "") is { } problem
            ? IdentityResult.Failed(ErrorOf(problem))
            : IdentityResult.Success);

    static IdentityError ErrorOf(Refusal problem)
    {
        var facts = Refusals.Of(problem);
        return new IdentityError { Code = facts.Name, Description = facts.English };
    }
}
