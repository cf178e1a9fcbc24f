using System.Text.Json;

namespace Tollkeeper.Accounts;

/// <summary>What somebody fills in who wants to become a customer, or staff for one.</summary>
/// <param name="Name">The customer's: a company's or a person's.</param>
/// <param name="Email">Of the first user, who becomes the primary admin.</param>
public sealed record SignUpApplication(string Name, string Email, AccountType Type, Profile Profile)
{
    public const int LongestName = 100;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static SignUpApplication Read(string json) => JsonSerializer.Deserialize<SignUpApplication>(json)!;

    /// <summary>What is wrong, each with its field; those of the profile too.</summary>
    public IEnumerable<Refused> Problems()
    {
        if (Address.Needed(Name, LongestName) is { } name) yield return new Refused(name, nameof(Name));
        if (!EmailAddress.TryParse(Email, out _)) yield return new Refused(Refusal.BadEmail, nameof(Email));
        foreach (var problem in Profile.Problems()) yield return problem;
    }
}

/// <summary>A confirmed sign-up as it is put before staff; its password stays where it was kept.</summary>
public sealed record SignUpProposal(string SignUpId, SignUpApplication Application)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static SignUpProposal Read(string json) => JsonSerializer.Deserialize<SignUpProposal>(json)!;
}
