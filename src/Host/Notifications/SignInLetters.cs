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

    /// <param name="link">Null: there is none, or it is not for whoever reads this copy.</param>
    public static Letter EmailChange(LetterContext to, EmailChangeNotice notice, string? link)
    {
        var name = to.Brand.Name;
        var isDone = notice.What == NoticeKind.EmailChanged;
        return new Letter(
            to.T.Format(isDone ? "mail.email-changed-subject" : "mail.change-email-subject", name),
            [to.T.Format(isDone ? "mail.email-changed" : "mail.change-email", name, notice.Former, notice.Wished)])
        {
            Link = isDone ? null : new LetterLink(to.T["mail.change-email-do"], link),
            After = isDone
                ? [to.T["mail.not-you"]]
                : [to.T["mail.good-three-days"], to.T["mail.change-email-both"]],
        };
    }

    public static Letter PrimaryAdmin(LetterContext to, PrimaryAdminNotice notice) => new(
        to.T.Format("mail.primary-admin-subject", to.Brand.Name),
        [to.T.Format("mail.primary-admin", to.Account, to.Brand.Name, notice.Next, notice.Former)])
    {
        Facts =
        [
            (to.T["mail.when"], to.When(notice.AtMicros)), (to.T["mail.by"], notice.By),
        ],
        After = [to.T["mail.primary-admin-wrong"]],
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
            or NoticeKind.Suspended or NoticeKind.Returned or NoticeKind.RatesChange or NoticeKind.LeaveEmail
            or NoticeKind.TakeEmail or NoticeKind.EmailChanged or NoticeKind.PrimaryAdminChanged
            or NoticeKind.CreditDecided or NoticeKind.DepositInvoice or NoticeKind.DepositCredited
            or NoticeKind.AutomaticWaits or NoticeKind.AutomaticDeclined or NoticeKind.AutomaticOff
            or NoticeKind.CardExpires or NoticeKind.Refunded or NoticeKind.DisputeOpened
            or NoticeKind.DisputeClosed or NoticeKind.ExemptionDecided or NoticeKind.Adjusted =>
            throw new InvalidOperationException($"{kind} has a letter of its own."),
    };

    static string? LinkKey(NoticeKind kind) => NoticeKinds.LinkOf(kind) switch
    {
        LinkPurpose.Invitation or LinkPurpose.ResetPassword => "mail.choose-password",
        LinkPurpose.ConfirmEmail or LinkPurpose.SignUp => "mail.confirm-address",
        LinkPurpose.LeaveEmail or LinkPurpose.TakeEmail => "mail.change-email-do",
        null => null,
    };

    static string AfterKey(NoticeKind kind) => NoticeKinds.LinkOf(kind) switch
    {
        LinkPurpose.Invitation or LinkPurpose.ConfirmEmail or LinkPurpose.SignUp or LinkPurpose.LeaveEmail
            or LinkPurpose.TakeEmail => "mail.good-three-days",
        LinkPurpose.ResetPassword => "mail.good-one-hour",
        null => kind is NoticeKind.AlreadyCustomer or NoticeKind.SignUpDeclined or NoticeKind.Welcome
            ? "mail.not-asked"
            : "mail.not-you",
    };
}
