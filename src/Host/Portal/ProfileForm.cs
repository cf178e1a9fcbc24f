using Microsoft.AspNetCore.Http;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Host.Shell;
using Tollkeeper.Taxes;

namespace Tollkeeper.Host.Portal;

/// <summary>A profile as it was typed into <see cref="ProfileFields"/>, and what its fields are called.</summary>
static class ProfileForm
{
    /// <param name="former">What the form began with: its version, and what it did not ask for.</param>
    public static Profile Read(IFormCollection form, Profile former)
    {
        _ = Languages.TryParse($"{form["Language"]}", out var language);
        return Normal(new Profile(
            $"{form["ContactName"]}".Trim(), $"{form["Phone"]}".Trim(), language, AddressOf(form, "Service"),
            $"{form["BillingName"]}".Trim(), form.ContainsKey("BillingSame") ? null : AddressOf(form, "Billing"),
            $"{form["BillingEmail"]}".Trim(),
            $"{form["MailList"]}".Split(
                ['\r', '\n', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            form.ContainsKey("ProvincialTaxId") ? $"{form["ProvincialTaxId"]}".Trim() : former.ProvincialTaxId,
            int.TryParse($"{form["Version"]}", out var version) ? version : -1));
    }

    /// <summary>R44, TAX-CA-10: what is no number of the province where the account is. Refusal:
    /// <see cref="Refusal.BadTaxNumber"/>.</summary>
    public static Refused? TaxIdProblem(Profile profile) =>
        profile.ProvincialTaxId.Length > 0 && Register(profile) is { } register
            && !TaxNumber.Fits(register, profile.ProvincialTaxId)
            ? new Refused(Refusal.BadTaxNumber, nameof(Profile.ProvincialTaxId))
            : null;

    /// <summary>The number by which an account is exempt today; null: by none.</summary>
    public static string? NumberInForce(IReadOnlyList<KeptExemption> exemptions, LocalDate today) =>
        exemptions.FirstOrDefault(one => one.Class == ExemptionClass.Number
            && one.Terms.StatusOn(today) == ExemptionStatus.Active)?.Terms.Number;

    static Profile Normal(Profile typed) => Register(typed) is { } register
        ? typed with { ProvincialTaxId = TaxNumber.Normal(register, typed.ProvincialTaxId) }
        : typed;

    static TaxRegister? Register(Profile profile)
    {
        var place = TaxPlace.Of(profile);
        return TaxNumber.OfResellers($"{place.Country}-{place.Region}");
    }

    public static string? LabelOf(string field, Texts texts) => field switch
    {
        "ContactName" => texts["profile.contact-name"],
        "Phone" => texts["profile.phone"],
        "BillingName" => texts["profile.billing-name"],
        "BillingEmail" => texts["profile.billing-email"],
        "MailList" => texts["profile.mail-list"],
        "ProvincialTaxId" => texts["profile.tax-id"],
        _ when field.StartsWith("Service", StringComparison.Ordinal) => OfAddress(field["Service".Length..], texts),
        _ when field.StartsWith("Billing", StringComparison.Ordinal) =>
            $"{texts["profile.billing-address"]}, {OfAddress(field["Billing".Length..], texts)}",
        _ => null,
    };

    static string? OfAddress(string field, Texts texts) => field switch
    {
        "Country" => texts["address.country"],
        "Line1" => texts["address.line1"],
        "Line2" => texts["address.line2"],
        "City" => texts["address.city"],
        "Region" => texts["address.region"],
        "PostalCode" => texts["address.postal-code"],
        _ => null,
    };

    static Address AddressOf(IFormCollection form, string which) => new Address(
        $"{form[which + "Line1"]}", $"{form[which + "Line2"]}", $"{form[which + "City"]}", $"{form[which + "Region"]}",
        $"{form[which + "PostalCode"]}", $"{form[which + "Country"]}").Tidied();
}
