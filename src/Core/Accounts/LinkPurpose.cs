using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>What a link in a mail is good for. The numbers are stored: never renumber.</summary>
public enum LinkPurpose
{
    ConfirmEmail = 1,
    ResetPassword = 2,

    /// <summary>To somebody who was made a user: confirms the address and chooses the first password.</summary>
    Invitation = 3,

    /// <summary>To a stranger: confirms the address, chooses a password, becomes a customer.</summary>
    SignUp = 4,

    /// <summary>To the address that a user signs in with and wants to leave.</summary>
    LeaveEmail = 5,

    /// <summary>To the address that a user wants to sign in with instead.</summary>
    TakeEmail = 6,
}

/// <summary>How long a link is good.</summary>
public static class LinkLife
{
    public static Duration Of(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmEmail or LinkPurpose.Invitation or LinkPurpose.SignUp or LinkPurpose.LeaveEmail
            or LinkPurpose.TakeEmail => Duration.FromDays(3),
        LinkPurpose.ResetPassword => Duration.FromHours(1),
    };
}
