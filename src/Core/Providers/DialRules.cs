namespace Tollkeeper.Providers;

/// <summary>
/// How dialled digits become E.164 (R103). <paramref name="InternationalPrefixes"/> such as 011, the country code that
/// national numbers get, and how many digits a national number has.
/// </summary>
/// <param name="EmergencyNumbers">Matched whole on the digits as dialled, before anything else: 911, 933, 988.</param>
public sealed record DialRules(
    string CountryCode,
    int NationalDigits,
    IReadOnlyList<string> InternationalPrefixes,
    IReadOnlyList<string> EmergencyNumbers);
