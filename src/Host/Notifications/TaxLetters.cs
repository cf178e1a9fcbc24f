using NodaTime.Text;
using Tollkeeper.Accounts;

namespace Tollkeeper.Host.Notifications;

/// <summary>What is written to the people of an account about its taxes.</summary>
static class TaxLetters
{
    const string TaxPath = "/account/tax";

    /// <summary>R45: an exemption was granted, rejected or revoked.</summary>
    public static Letter ExemptionDecided(LetterContext to, ExemptionDecidedNotice notice)
    {
        var province = Place.Region(notice.Place[..2], notice.Place[3..])?.In(to.Locale.Language) ?? notice.Place;
        var (subject, says) = notice.Outcome switch
        {
            ExemptionOutcome.Granted => ("mail.exemption-granted-subject", "mail.exemption-granted"),
            ExemptionOutcome.Rejected => ("mail.exemption-rejected-subject", "mail.exemption-rejected"),
            ExemptionOutcome.Revoked => ("mail.exemption-revoked-subject", "mail.exemption-revoked"),
        };
        var facts = new List<(string, string)> { (to.T["taxes.province"], province) };
        if (notice.From is { } from) facts.Add((to.T["taxes.from"], Day(to, from)));
        if (notice.To is { } last) facts.Add((to.T["taxes.to"], Day(to, last)));
        if (notice.Remark.Length > 0) facts.Add((to.T["mail.reason"], notice.Remark));
        return new Letter(
            to.T.Format(subject, to.Brand.Name, province), [to.T.Format(says, to.Account, province)])
        {
            Facts =
            [
                .. facts, (to.T["mail.when"], to.When(notice.AtMicros)),
                (to.T["mail.account"], $"{to.Account} ({to.Mail.AccountId})"),
            ],
            Link = to.LinkTo("mail.see-taxes", TaxPath),
            After = [to.T["mail.exemption-after"]],
            Choice = to.Choice,
        };
    }

    static string Day(LetterContext to, string day) => to.Locale.Date(LocalDatePattern.Iso.Parse(day).Value);
}
