namespace Tollkeeper.Accounts;

/// <summary>
/// The reasons that suspend an account (C20): one of a kind stands at a time, and each goes by itself.
/// </summary>
public static class SuspensionSet
{
    public const int LongestRemark = 500;

    /// <summary>
    /// The set with one reason more. Refusals: <see cref="Refusal.BadText"/>, <see cref="Refusal.AlreadyExists"/>.
    /// </summary>
    public static Result<IReadOnlyList<Suspension>> With(IReadOnlyList<Suspension> standing, Suspension reason)
    {
        var word = reason.Reason;
        if (word.Length is 0 or > 40 || word.Any(c => !char.IsAsciiLetterLower(c) && c != '-'))
            return new Refused(Refusal.BadText, "reason");
        if (!PlainText.Fits(reason.By, Actor.LongestName)) return new Refused(Refusal.BadText, "by");
        if (reason.Remark.Length > 0 && !PlainText.Fits(reason.Remark, LongestRemark))
            return new Refused(Refusal.BadText, "remark");
        if (standing.Any(one => string.Equals(one.Reason, word, StringComparison.Ordinal)))
            return new Refused(Refusal.AlreadyExists, word);
        return standing.Append(reason).ToList();
    }

    /// <summary>The set without one reason; the same set where that reason does not stand.</summary>
    public static IReadOnlyList<Suspension> Without(IReadOnlyList<Suspension> standing, string reason) =>
        [.. standing.Where(one => !string.Equals(one.Reason, reason, StringComparison.Ordinal))];
}
