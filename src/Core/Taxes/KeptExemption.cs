using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Taxes;

/// <summary>What an exemption rests on (C12). The numbers are stored: never renumber.</summary>
public enum ExemptionClass
{
    /// <summary>Resale, by the purchaser's number at the province: active at once.</summary>
    Number = 1,

    /// <summary>Resale, by a certificate that staff look at (R45).</summary>
    Certificate = 2,

    /// <summary>Another reason that a law knows, written down by staff: one tax of one place.</summary>
    Other = 3,
}

/// <summary>What a customer declared, by whom, when and from where (TAX-CA-04).</summary>
/// <param name="Version">Of the text: see <see cref="ResaleVersion"/>; 0 where nothing was declared.</param>
/// <param name="Text">Word for word, in the language in which it was shown.</param>
public sealed record Declaration(int Version, string Text, Actor By, Instant At)
{
    /// <summary>Of the text about resale that the pages show; raised whenever its meaning changes.</summary>
    public const int ResaleVersion = 1;
}

/// <summary>An exemption as it is on file, with its history.</summary>
/// <param name="ApprovalId">Of the review that a certificate waits for; null for the others.</param>
/// <param name="ActiveAt">Since when it counted at all; null: never.</param>
/// <param name="DecidedBy">Who of the staff reviewed it.</param>
/// <param name="Remark">Why it was rejected, revoked, or granted.</param>
/// <param name="EndedOn">The first day on which it counts no more, since it was revoked or withdrawn.</param>
/// <param name="FileName">Of the certificate.</param>
/// <param name="Version">Counts changes.</param>
public sealed record KeptExemption(
    long No, string Id, int ProviderNo, long AccountNo, ExemptionClass Class, TaxExemption Terms, Declaration Declared,
    string? ApprovalId, Instant? ActiveAt, string? DecidedBy, Instant? DecidedAt, string Remark, LocalDate? EndedOn,
    string? EndedBy, Instant? EndedAt, string? FileName, int Version)
{
    public const int LongestRemark = 500;

    /// <summary>How far ahead an exemption may end: nobody means the year 20260.</summary>
    const int MostYears = 50;

    /// <summary>A new one, of nobody yet.</summary>
    /// <param name="activeAt">Null: it waits for a review.</param>
    public static KeptExemption Of(
        ExemptionClass @class, TaxExemption terms, Instant? activeAt, string? fileName = null) =>
        new(
            0, "", 0, 0, @class, terms, new Declaration(0, "", Actor.Named(""), Instant.MinValue), null, activeAt, null,
            null, "", null, null, null, fileName, 1);

    /// <summary>What is left to be done with it: decide, or end.</summary>
    public bool IsOpen => Terms.Status is ExemptionStatus.PendingReview or ExemptionStatus.Active;

    /// <summary>What it is for and by what, in few words that need no translation.</summary>
    public string Words =>
        $"{Terms.Place}{(Terms.TaxCode is { } tax ? $" {tax}" : "")} {Terms.Number ?? Terms.Certificate}, "
        + $"{Terms.From:uuuu'-'MM'-'dd} to {Terms.To:uuuu'-'MM'-'dd}".TrimEnd();

    /// <summary>
    /// As it counts for taxes, whatever day they are of: what was ended counted until the day before, so that a payment
    /// of that day is taxed as it was then.
    /// </summary>
    public TaxExemption ForTaxes
    {
        get
        {
            if (Terms.Status != ExemptionStatus.Revoked || ActiveAt is null || EndedOn is not { } ended) return Terms;
            var last = ended.PlusDays(-1);
            return Terms with
            {
                Status = ExemptionStatus.Active,
                To = Terms.To is { } to && to < last ? to : last,
            };
        }
    }

    /// <summary>Those that count, on whatever day, in the order in which they are named as a reason.</summary>
    public static IReadOnlyList<TaxExemption> Counting(IReadOnlyList<KeptExemption> all) =>
        [.. all.Where(one => one.ActiveAt is not null).OrderBy(one => one.Class).ThenBy(one => one.No)
            .Select(one => one.ForTaxes)];

    /// <summary>
    /// The place of an account where it may be exempt by number or certificate (R40, R44), as <c>CA-BC</c>; null: it is
    /// nowhere that qualifies.
    /// </summary>
    /// <param name="regions">Of the provider's policy.</param>
    public static string? PlaceOf(TaxPlace place, IReadOnlyList<string> regions)
    {
        var code = $"{place.Country}-{place.Region}";
        return regions.Contains(code) && TaxNumber.OfResellers(code) is not null ? code : null;
    }

    /// <summary>
    /// What a reseller claims, in force from today on. Refusals: <see cref="Refusal.BadTaxNumber"/>, and
    /// <see cref="Refusal.ExemptionNotOffered"/> for a certificate where none serves.
    /// </summary>
    /// <param name="number">As it was typed; null: a certificate was sent.</param>
    /// <param name="reviewed">Staff look at it before it counts.</param>
    public static Result<TaxExemption> Claim(string place, string? number, bool reviewed, LocalDate today)
    {
        var status = reviewed ? ExemptionStatus.PendingReview : ExemptionStatus.Active;
        if (number is null)
        {
            return place == TaxExemption.PlaceOfCertificates
                ? new TaxExemption(place, null, TaxExemption.GeneralCertificate, true, status, today, null)
                : new Refused(Refusal.ExemptionNotOffered, "File");
        }
        if (TaxNumber.OfResellers(place) is not { } register) return Refusal.ExemptionNotOffered;
        var stored = TaxNumber.Normal(register, number);
        return TaxNumber.Fits(register, stored)
            ? new TaxExemption(place, stored, null, true, status, today, null)
            : new Refused(Refusal.BadTaxNumber, "Number");
    }

    /// <summary>
    /// True where another of the class would say nothing new: a number is in force, or one that staff are to look at
    /// waits. A new certificate may be sent before the former one ends.
    /// </summary>
    public bool Answers(ExemptionClass @class, string place, LocalDate today) =>
        Class == @class && Terms.Place == place && Terms.StatusOn(today) switch
        {
            ExemptionStatus.PendingReview => true,
            ExemptionStatus.Active => Class == ExemptionClass.Number,
            ExemptionStatus.Rejected or ExemptionStatus.Expired or ExemptionStatus.Revoked => false,
        };

    /// <summary>
    /// What is wrong with the dates that staff give it. Refusals: <see cref="Refusal.DatesReversed"/>,
    /// <see cref="Refusal.DatePast"/>, <see cref="Refusal.BadDate"/>.
    /// </summary>
    public static Refused? DatesProblem(LocalDate from, LocalDate? to, LocalDate today)
    {
        if (from.Year < 2010 || from > today.PlusYears(MostYears)) return new Refused(Refusal.BadDate, "From");
        if (to < from) return new Refused(Refusal.DatesReversed, "To");
        if (to < today) return new Refused(Refusal.DatePast, "To");
        return to > today.PlusYears(MostYears) ? new Refused(Refusal.BadDate, "To") : null;
    }
}
