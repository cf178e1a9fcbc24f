using Microsoft.AspNetCore.Http;
using Tollkeeper.Accounts;
using Tollkeeper.Host.Portal;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.SignIn;

/// <summary>A sign-up as it was typed into <see cref="SignUpFields"/>. Bills go to whoever signs up.</summary>
static class SignUpForm
{
    public static SignUpApplication Read(IFormCollection form, Language language)
    {
        var email = $"{form["Email"]}".Trim();
        var profile = ProfileForm.Read(form, Profile.Empty) with
        {
            Language = language,
            Billing = null,
            BillingEmail = email,
            MailList = [],
            ProvincialTaxId = "",
            Version = 0,
        };
        var type = form["Type"] == "postpaid" ? AccountType.Postpaid : AccountType.Prepaid;
        return new SignUpApplication($"{form["Name"]}".Trim(), email, type, profile);
    }

    public static string? LabelOf(string field, Texts texts) => field switch
    {
        "Name" => texts["sign-up.name"],
        // The same address is asked for once.
        "Email" or "BillingEmail" => texts["sign-in.email"],
        _ => ProfileForm.LabelOf(field, texts),
    };
}
