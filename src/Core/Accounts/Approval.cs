using NodaTime;

namespace Tollkeeper.Accounts;

/// <summary>What one person asks for and another decides. The numbers are stored: never renumber.</summary>
public enum ApprovalKind
{
    /// <summary>A stranger who wants to become a customer.</summary>
    SignUp = 1,

    /// <summary>A customer's wish for credit (R54); staff answer it with a limit that they propose.</summary>
    CreditApplication = 2,

    /// <summary>A limit and term that one of the staff proposes and another approves.</summary>
    CreditLimit = 3,

    /// <summary>A customer's certificate of exemption (R45); staff give it its dates.</summary>
    TaxExemption = 4,

    /// <summary>A credit or a debit by hand, above what one of the staff may give alone.</summary>
    Adjustment = 5,

    /// <summary>Money that came past every gateway, recorded by one of the staff and matched by another.</summary>
    OfflinePayment = 6,

    /// <summary>Such money that went back.</summary>
    PaymentReturn = 7,
}

/// <summary>The numbers are stored: never renumber.</summary>
public enum ApprovalOutcome
{
    Approved = 1,
    Declined = 2,
}

/// <summary>Something that waits for a decision, or got one.</summary>
/// <param name="AccountNo">Null where there is no account yet, or it concerns none.</param>
/// <param name="Subject">What it is about in a few words, for the list.</param>
/// <param name="Proposal">JSON of its kind.</param>
/// <param name="Applied">An approved one has taken effect.</param>
public sealed record Approval(
    long No, string Id, int ProviderNo, long? AccountNo, ApprovalKind Kind, string Subject, string Proposal,
    long? AskedByUserNo, string AskedBy, Instant AskedAt, ApprovalOutcome? Outcome, string? DecidedBy,
    Instant? DecidedAt, string Remark, bool Applied)
{
    public const int LongestRemark = 500;

    /// <summary>The provider's rules asked for no second person.</summary>
    public bool DecidedAlone => DecidedBy is not null && DecidedBy == AskedBy;

    /// <summary>The right that deciding takes.</summary>
    public static Right Needs(ApprovalKind kind) => kind switch
    {
        ApprovalKind.SignUp => Right.ServeCustomers,
        ApprovalKind.CreditApplication or ApprovalKind.CreditLimit or ApprovalKind.TaxExemption
            or ApprovalKind.Adjustment or ApprovalKind.OfflinePayment or ApprovalKind.PaymentReturn =>
            Right.DecideMoney,
    };

    /// <summary>
    /// Why this person may not decide so. Declining is open to whoever proposed it: that only takes it back. Refusals:
    /// <see cref="Refusal.AlreadyDecided"/>, <see cref="Refusal.SecondPerson"/>, <see cref="Refusal.BadText"/>.
    /// </summary>
    public Refused? Problem(ApprovalOutcome outcome, long userNo, string remark)
    {
        if (Outcome is not null) return Refusal.AlreadyDecided;
        if (outcome == ApprovalOutcome.Approved && AskedByUserNo == userNo) return Refusal.SecondPerson;
        return remark.Length > 0 && !PlainText.Fits(remark, LongestRemark)
            ? new Refused(Refusal.BadText, "Remark")
            : null;
    }
}
