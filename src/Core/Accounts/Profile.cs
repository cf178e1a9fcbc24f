namespace Tollkeeper.Accounts;

/// <summary>What is known of a customer beside money and calls (R63–R65).</summary>
/// <param name="Service">Where the service is used; the place that taxes go by.</param>
/// <param name="BillingName">Whose name bills bear; empty: the account's.</param>
/// <param name="Billing">Null: the service address.</param>
/// <param name="BillingEmail">Where bills, payments and decks are told of (R65).</param>
/// <param name="MailList">Who else is told what goes to the billing address.</param>
/// <param name="ProvincialTaxId">R44: asked for in some provinces only; empty where none was given.</param>
/// <param name="Version">Counts changes; who saves an older one has lost against somebody else.</param>
public sealed record Profile(
    string ContactName, string Phone, Language Language, Address Service, string BillingName, Address? Billing,
    string BillingEmail, IReadOnlyList<string> MailList, string ProvincialTaxId, int Version)
{
    const int LongestName = 100;
    const int LongestTaxId = 30;
    const int MostMails = 20;

    public static Profile Empty { get; } =
        new("", "", Language.English, Address.Empty, "", null, "", [], "", 0);

    /// <summary>Where bills go.</summary>
    public Address BillingAddress => Billing ?? Service;

    /// <summary>What is wrong, each with its field; fields of addresses are named after them.</summary>
    public IEnumerable<Refused> Problems()
    {
        if (Address.Needed(ContactName, LongestName) is { } name)
            yield return new Refused(name, nameof(ContactName));
        if (Phone.Length > 0 && !PhoneNumber.IsWritten(Phone))
            yield return new Refused(Refusal.BadPhone, nameof(Phone));
        foreach (var problem in Of(Service, nameof(Service))) yield return problem;
        if (BillingName.Length > 0 && !PlainText.Fits(BillingName, LongestName))
            yield return new Refused(Refusal.BadText, nameof(BillingName));
        if (Billing is not null)
        {
            foreach (var problem in Of(Billing, nameof(Billing))) yield return problem;
        }
        if (!EmailAddress.TryParse(BillingEmail, out _))
            yield return new Refused(Refusal.BadEmail, nameof(BillingEmail));
        if (MailList.Count > MostMails) yield return new Refused(Refusal.TooManyMails, nameof(MailList));
        if (MailList.Any(mail => !EmailAddress.TryParse(mail, out _)))
            yield return new Refused(Refusal.BadEmail, nameof(MailList));
        if (ProvincialTaxId.Length > 0 && !PlainText.Fits(ProvincialTaxId, LongestTaxId))
            yield return new Refused(Refusal.BadText, nameof(ProvincialTaxId));
    }

    static IEnumerable<Refused> Of(Address address, string which) =>
        address.Problems().Select(problem => new Refused(problem.Refusal, which + problem.Detail));
}
