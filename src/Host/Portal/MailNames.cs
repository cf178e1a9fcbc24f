using Tollkeeper.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Notifications;

namespace Tollkeeper.Host.Portal;

/// <summary>What lists and pages call mails and their states.</summary>
static class MailNames
{
    public static string KeyOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Invitation => "mails.invitation",
        NoticeKind.ConfirmEmail => "mails.confirm",
        NoticeKind.ResetPassword => "mails.reset",
        NoticeKind.PasswordChanged or NoticeKind.TwoStepOn or NoticeKind.TwoStepOff or NoticeKind.PasskeyAdded
            or NoticeKind.PasskeyRemoved or NoticeKind.RecoveryCodeUsed or NoticeKind.NewPlace
            or NoticeKind.LeaveEmail or NoticeKind.TakeEmail or NoticeKind.EmailChanged
            or NoticeKind.PrimaryAdminChanged => "mails.security",
        NoticeKind.LowBalance => "mails.low-balance",
        NoticeKind.FundsGone or NoticeKind.FundsBack => "mails.funds",
        NoticeKind.Suspended or NoticeKind.Returned => "mails.status",
        NoticeKind.RatesChange => "mails.rates",
        NoticeKind.CreditDecided => "mails.credit",
        NoticeKind.DepositInvoice or NoticeKind.DepositCredited or NoticeKind.Refunded or NoticeKind.DisputeOpened
            or NoticeKind.DisputeClosed => "mails.payments",
        NoticeKind.AutomaticWaits or NoticeKind.AutomaticDeclined or NoticeKind.AutomaticOff
            or NoticeKind.CardExpires => "mails.automatic",
        NoticeKind.ExemptionDecided => "mails.exemption",
        NoticeKind.Adjusted => "mails.adjusted",
        NoticeKind.SignUp or NoticeKind.AlreadyCustomer or NoticeKind.SignUpDeclined or NoticeKind.Welcome =>
            "mails.sign-up",
    };

    public static string KeyOf(MailState state) => state switch
    {
        MailState.Queued => "mails.queued",
        MailState.Sending => "mails.sending",
        MailState.Sent => "mails.sent",
        MailState.Failed => "mails.failed",
        MailState.Bounced => "mails.bounced",
    };

    public static string LookOf(MailState state) => state switch
    {
        MailState.Queued or MailState.Sending => "state-warn",
        MailState.Sent => "state-good",
        MailState.Failed or MailState.Bounced => "state-bad",
    };

    public static bool IsGivenUp(ListedMail mail) => mail.State is MailState.Failed or MailState.Bounced;
}
