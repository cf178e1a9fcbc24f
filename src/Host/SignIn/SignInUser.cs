using Tollkeeper.Accounts;

namespace Tollkeeper.Host.SignIn;

/// <summary>
/// A user as ASP.NET Core Identity handles it: it changes one thing after another and saves at the end, so here is a
/// place for the row as it will be.
/// </summary>
sealed class SignInUser(User row)
{
    public User Row { get; set; } = row;
}
