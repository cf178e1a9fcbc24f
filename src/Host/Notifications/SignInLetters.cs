using Tollkeeper.Accounts;

namespace Tollkeeper.Host.Notifications;

/// <summary>What is written to one user about the own sign-in.</summary>
static class SignInLetters
{
    /// <param name="link">Null: there is none, or it is not for whoever reads this copy.</param>
    public static Letter About(LetterContext to, NoticeKind kind, string? link)
    {
        var (subject, body) = KeysOf(kind);
        var name = to.Brand.Name;
        return new Letter(to.T.Format(subject, name), [to.T.Format(body, name, to.Mail.To.Text)])
        {
            Link = LinkKey(kind) is { } key ? new LetterLink(to.T[key], link) : DoorOf(to, kind),
            After = [to.T[AfterKey(kind)]],
        };
    }

    /// <summary>Where the mail leads that opens nothing by itself.</summary>
    static LetterLink? DoorOf(LetterContext to, NoticeKind kind) =>
        kind is NoticeKind.AlreadyCustomer or NoticeKind.Welcome ? to.LinkTo("mail.sign-in", "/sign-in") : null;

    public static Letter NewPlace(LetterContext to, NewPlaceNotice notice) => new(
        to.T.Format("mail.new-place-subject", to.Brand.Name),
        [to.T.Format("mail.new-place", to.Brand.Name, to.Mail.To.Text)])
    {
        Facts =
        [
            (to.T["mail.when"], to.When(notice.AtMicros)), (to.T["mail.from-address"], notice.Address),
        ],
        Link = to.LinkTo("mail.see-security", "/account/security"),
        After = [to.T["mail.new-place-you"], to.T["mail.not-you"]],
    };

    static (string Subject, string Body) KeysOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Invitation => ("mail.invitation-subject", "mail.invitation"),
        NoticeKind.ConfirmEmail => ("mail.confirm-subject", "mail.confirm"),
        NoticeKind.ResetPassword => ("mail.reset-subject", "mail.reset"),
        NoticeKind.PasswordChanged => ("mail.password-changed-subject", "mail.password-changed"),
        NoticeKind.TwoStepOn => ("mail.two-step-on-subject", "mail.two-step-on"),
        NoticeKind.TwoStepOff => ("mail.two-step-off-subject", "mail.two-step-off"),
        NoticeKind.PasskeyAdded => ("mail.passkey-added-subject", "mail.passkey-added"),
        NoticeKind.PasskeyRemoved => ("mail.passkey-removed-subject", "mail.passkey-removed"),
        NoticeKind.RecoveryCodeUsed => ("mail.recovery-code-subject", "mail.recovery-code"),
        NoticeKind.SignUp => ("mail.sign-up-subject", "mail.sign-up"),
        NoticeKind.AlreadyCustomer => ("mail.already-customer-subject", "mail.already-customer"),
        NoticeKind.SignUpDeclined => ("mail.declined-subject", "mail.declined"),
        NoticeKind.Welcome => ("mail.welcome-subject", "mail.welcome"),
        NoticeKind.NewPlace or NoticeKind.LowBalance or NoticeKind.FundsGone or NoticeKind.FundsBack
            or NoticeKind.Suspended or NoticeKind.Returned or NoticeKind.RatesChange =>
            throw new InvalidOperationException($"{kind} has a letter of its own."),
    };

    static string? LinkKey(NoticeKind kind) => NoticeKinds.LinkOf(kind) switch
    {
        LinkPurpose.Invitation or LinkPurpose.ResetPassword => "mail.choose-password",
        LinkPurpose.ConfirmEmail or LinkPurpose.SignUp => "mail.confirm-address",
        null => null,
    };

    static string AfterKey(NoticeKind kind) => NoticeKinds.LinkOf(kind) switch
    {
        LinkPurpose.Invitation or LinkPurpose.ConfirmEmail or LinkPurpose.SignUp => "mail.good-three-days",
        LinkPurpose.ResetPassword => "mail.good-one-hour",
        null => kind is NoticeKind.AlreadyCustomer or NoticeKind.SignUpDeclined or NoticeKind.Welcome
            ? "mail.not-asked"
            : "mail.not-you",
    };
}
