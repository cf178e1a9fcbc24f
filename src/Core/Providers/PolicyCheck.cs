namespace Tollkeeper.Providers;

/// <summary>What a policy document must satisfy beside its shape before it may be saved.</summary>
public static class PolicyCheck
{
    const int Day = 86_400;

    /// <summary>The first thing wrong with the policy, as a short phrase for staff; null when nothing is.</summary>
    public static string? Problem(Policy policy) =>
        Rules(policy).Where(rule => !rule.Holds).Select(rule => rule.Rule).FirstOrDefault();

    static IEnumerable<(bool Holds, string Rule)> Rules(Policy policy)
    {
        var calls = policy.Calls;
        var dialling = policy.Dialling;
        yield return (BillingZone.Of(policy.Calendar).Accepted,
            $"calendar.zone: '{policy.Calendar.Zone}' is no time zone");
        yield return (policy.Tax.Point == TaxPoint.Usage == policy.Tax.UsageCode is { Length: > 0 },
            "tax.usageCode: named where tax.point is usage, and only there");
        yield return (calls.QuotaSeconds is >= 1 and <= Day, "calls.quotaSeconds: 1 to 86400");
        yield return (calls.MaxCallSeconds >= calls.QuotaSeconds && calls.MaxCallSeconds <= 7 * Day,
            "calls.maxCallSeconds: at least the quota, at most 604800");
        yield return (calls.RenewAtPartsPerMillion is >= 1 and < 1_000_000,
            "calls.renewAtPartsPerMillion: 1 to 999999");
        yield return (calls.RingSeconds is >= 10 and <= Day, "calls.ringSeconds: 10 to 86400");
        yield return (calls.HoldGraceSeconds is >= 60 and <= Day, "calls.holdGraceSeconds: 60 to 86400");
        yield return (policy.Fees.LrnDipMicros >= 0 && policy.Fees.CnamMicros >= 0, "fees: not negative");
        yield return (policy.Alert.LowBalanceMicros >= 0, "alert.lowBalanceMicros: not negative");
        yield return (policy.Alert.LeastMicros >= 0 && policy.Alert.MostMicros >= policy.Alert.LeastMicros,
            "alert.leastMicros, alert.mostMicros: not negative, the first not above the second");
        yield return (policy.RateDecks.NoticeDays is >= 0 and <= 90, "rateDecks.noticeDays: 0 to 90");
        yield return (policy.Retention is { SignUpDays: >= 7 and <= 3_650, MailDays: >= 30 and <= 3_650 },
            "retention: signUpDays 7 to 3650, mailDays 30 to 3650");
        yield return (IsDigits(dialling.CountryCode, 3), "dialling.countryCode: 1 to 3 digits");
        yield return (dialling.NationalDigits is >= 4 and <= 14, "dialling.nationalDigits: 4 to 14");
        yield return (dialling.InternationalPrefixes.Count <= 10
            && dialling.InternationalPrefixes.All(p => IsDigits(p, 6)),
            "dialling.internationalPrefixes: at most 10, each 1 to 6 digits");
        yield return (dialling.EmergencyNumbers.Count is >= 1 and <= 20
            && dialling.EmergencyNumbers.All(n => IsDigits(n, 6)),
            "dialling.emergencyNumbers: 1 to 20, each 1 to 6 digits");
        foreach (var rule in OfAccounts(policy.Accounts)) yield return rule;
        foreach (var rule in OfPayments(policy.Payments)) yield return rule;
    }

    static IEnumerable<(bool Holds, string Rule)> OfPayments(PaymentRules payments)
    {
        yield return (payments.LeastMicros > 0 && !(payments.MostMicros < payments.LeastMicros)
            && !(payments.MostBalanceMicros < payments.LeastMicros),
            "payments.leastMicros: above 0, not above mostMicros and mostBalanceMicros");
        yield return (payments.VoidAfterDays is null or >= 1 and <= 3_650, "payments.voidAfterDays: 1 to 3650");
        yield return (payments.Methods.Select(rule => rule.Method).Distinct().Count() == payments.Methods.Count,
            "payments.methods: each once");
        yield return (payments.Cards.Count <= 50 && payments.Cards.All(rule => IsPlace(rule.Billing)
            && IsPlace(rule.Card)), "payments.cards: at most 50, places as US, !US or *");
        yield return (payments.Automatic.MostPerDay is null or >= 1 and <= 100,
            "payments.automatic.mostPerDay: 1 to 100");
        yield return (payments.Automatic is { RetryMinute: >= 0 and < 1_440, MostDeclines: >= 1 and <= 20 },
            "payments.automatic: retryMinute 0 to 1439, mostDeclines 1 to 20");
    }

    static bool IsPlace(string place) =>
        place is "*" || (place is ['!', _, _] or [_, _] && place[^2..].All(char.IsAsciiLetterUpper));

    static IEnumerable<(bool Holds, string Rule)> OfAccounts(AccountRules accounts)
    {
        yield return (accounts.Adjustments.SecondPersonAboveMicros >= 0
            && accounts.Adjustments.UnitMicros is AdjustmentRules.Micros or AdjustmentRules.Cents,
            "accounts.adjustments: secondPersonAboveMicros not negative, unitMicros 1 or 10000");
        yield return (accounts.SignUp.Channels is >= 0 and <= 1_000_000 && accounts.SignUp.CallsPerSecond is >= 0
            and <= 1_000_000, "accounts.signUp: channels and callsPerSecond 0 to 1000000");
        yield return (PlainText.Fits(accounts.SignUp.OutboundDeck, 100), "accounts.signUp.outboundDeck: a deck's name");
        yield return (accounts.SuspensionReasons is { Count: >= 1 and <= 50 } reasons
            && reasons.All(reason => IsWord(reason.Code) && reason.Blocks != Directions.None
                && Languages.All.All(language => PlainText.Fits(reason.In(language), 100)))
            && reasons.Select(reason => reason.Code).Distinct(StringComparer.Ordinal).Count() == reasons.Count,
            "accounts.suspensionReasons: 1 to 50, each a word of its own, what it blocks, three names");
        yield return (accounts.ProvincialIdRegions.All(code => code is ['C', 'A', '-', _, _]),
            "accounts.provincialIdRegions: as CA-BC");
        yield return (accounts.TermsUrl is null || (accounts.TermsUrl.Length <= 500
            && Uri.TryCreate(accounts.TermsUrl, UriKind.Absolute, out var terms) && terms.Scheme == Uri.UriSchemeHttps),
            "accounts.termsUrl: an https address of at most 500 characters");
    }

    static bool IsWord(string? text) =>
        text is { Length: >= 1 and <= 40 } && text.All(c => char.IsAsciiLetterLower(c) || c == '-');

    static bool IsDigits(string? text, int most) =>
        text is { Length: >= 1 } && text.Length <= most && text.All(char.IsAsciiDigit);
}
