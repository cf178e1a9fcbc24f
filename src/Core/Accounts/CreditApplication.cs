using System.Text.Json;

namespace Tollkeeper.Accounts;

/// <summary>What a customer fills in who wants credit (R54).</summary>
/// <param name="LimitMicros">The limit wished for, of the account's currency.</param>
/// <param name="TermDays">Days from an invoice to its due date, as wished.</param>
/// <param name="LegalName">Of the company that will owe the money.</param>
/// <param name="Registration">Its registration number, where it has one.</param>
/// <param name="MonthlySpend">What it expects to spend a month, in its own words.</param>
public sealed record CreditApplication(
    long LimitMicros, int TermDays, string LegalName, string Registration, string MonthlySpend, string Remark)
{
    public const int LongestTermDays = 180;
    const int LongestText = 100;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static CreditApplication Read(string json) => JsonSerializer.Deserialize<CreditApplication>(json)!;

    /// <summary>
    /// What is wrong, each with its field: <see cref="Refusal.BadAmount"/>, <see cref="Refusal.BadTerm"/>,
    /// <see cref="Refusal.FieldEmpty"/>, <see cref="Refusal.BadText"/>.
    /// </summary>
    public IEnumerable<Refused> Problems()
    {
        if (LimitMicros <= 0) yield return new Refused(Refusal.BadAmount, "Limit");
        if (TermDays is < 0 or > LongestTermDays) yield return new Refused(Refusal.BadTerm, "Term");
        if (Address.Needed(LegalName, LongestText) is { } legal) yield return new Refused(legal, nameof(LegalName));
        if (Registration.Length > 0 && !PlainText.Fits(Registration, LongestText))
            yield return new Refused(Refusal.BadText, nameof(Registration));
        if (Address.Needed(MonthlySpend, LongestText) is { } spend)
            yield return new Refused(spend, nameof(MonthlySpend));
        if (Remark.Length > 0 && !PlainText.Fits(Remark, Approval.LongestRemark))
            yield return new Refused(Refusal.BadText, nameof(Remark));
    }
}
