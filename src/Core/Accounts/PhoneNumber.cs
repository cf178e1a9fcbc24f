namespace Tollkeeper.Accounts;

/// <summary>A telephone number as people write it, to reach them; what is dialled is read elsewhere.</summary>
public static class PhoneNumber
{
    const int Longest = 30;

    /// <summary>A plus, then 7 to 15 digits (ITU-T E.164) with blanks, dots, dashes and brackets between.</summary>
    public static bool IsWritten(string text) =>
        text.Length <= Longest && text.StartsWith('+')
        && text.Skip(1).All(c => char.IsAsciiDigit(c) || " .-()".Contains(c))
        && text.Count(char.IsAsciiDigit) is >= 7 and <= 15;
}
