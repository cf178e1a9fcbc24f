using Xunit;

namespace Tollkeeper.Tests.Core;

public sealed class RefusalsTests
{
    [Fact]
    public void Every_refusal_has_its_facts_in_order_of_precedence() =>
        Assert.Equal(Enum.GetValues<Refusal>(), Refusals.All.Select(facts => facts.Refusal));

    [Fact]
    public void Every_name_is_the_refusals_own_in_snake_case_and_leads_back_to_it() => Assert.All(Refusals.All, facts =>
    {
        var own = facts.Refusal == Refusal.InsufficientFundsStatus
            ? "account_off_funds" : SnakeCase($"{facts.Refusal}");
        Assert.Equal(own, facts.Name);
        Assert.Same(facts, Refusals.Named(facts.Name));
        Assert.Same(facts, Refusals.Of(facts.Refusal));
    });

    [Fact]
    public void Every_sentence_says_in_three_languages_what_is_the_matter_and_what_to_do() =>
        Assert.All(Refusals.All, facts =>
        {
            Assert.Matches("^[A-Z].+; please .+[.]$", facts.English);
            Assert.Matches("^[A-ZÀÉ].+; veuillez .+[.]$", facts.French);
            Assert.Matches("^[A-ZÁÉ].+; .*por favor.+[.]$", facts.Spanish);
            Assert.All(new[] { facts.English, facts.French, facts.Spanish }, sentence =>
                Assert.DoesNotMatch("['\"{}]|  ", sentence));
            Assert.Equal(facts.French, facts.In("fr-CA"));
            Assert.Equal(facts.Spanish, facts.In("es"));
            Assert.Equal(facts.English, facts.In(null));
        });

    [Fact]
    public void Every_status_goes_with_a_SIP_code_that_a_switch_understands() => Assert.All(Refusals.All, facts =>
    {
        var fits = (facts.Status, facts.Sip) is (401, 503) or (402, 402) or (403, 403) or (404, 404) or (422, 484)
            or (429, 503) or (503, 503) or (400 or 409 or 413 or 422, 400) or (500, 500);
        Assert.True(fits, facts.ToString());
    });

    [Theory]
    [InlineData(Refusal.InsufficientFunds, 402, 402)]
    [InlineData(Refusal.InsufficientFundsStatus, 402, 402)]
    [InlineData(Refusal.AccountSuspended, 403, 403)]
    [InlineData(Refusal.DestinationBlocked, 403, 403)]
    [InlineData(Refusal.NoRate, 404, 404)]
    [InlineData(Refusal.UnknownAccount, 404, 404)]
    [InlineData(Refusal.BadNumber, 422, 484)]
    [InlineData(Refusal.CpsExceeded, 429, 503)]
    [InlineData(Refusal.ChannelsExceeded, 429, 503)]
    [InlineData(Refusal.UnknownKey, 401, 503)]
    [InlineData(Refusal.RepeatedDifferently, 409, 400)]
    [InlineData(Refusal.Busy, 503, 503)]
    public void R48_R49_R68_R69_A_switch_is_told_the_code_that_the_reason_has(Refusal refusal, int status, int sip) =>
        Assert.Equal((status, sip), (Refusals.Of(refusal).Status, Refusals.Of(refusal).Sip));

    [Fact]
    public void The_page_of_refusals_lists_exactly_the_table()
    {
        var page = File.ReadAllLines(Path.Combine(Root(), "docs", "refusals.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(Refusals.All.Select(LineOf), page);
    }

    static string LineOf(RefusalFacts facts)
    {
        var (when, whatToDo) = facts.English.Split("; please ") is [var a, var b] ? (a, b) : (facts.English, "?");
        return $"| `{facts.Name}` | {facts.Status} | {facts.Sip} | {when}. "
            + $"| {char.ToUpperInvariant(whatToDo[0])}{whatToDo[1..]} |";
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tollkeeper.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is above the tests.");
        return folder.FullName;
    }

    static string SnakeCase(string name) => string.Concat(name.Select((c, i) =>
        char.IsUpper(c) ? $"{(i == 0 ? "" : "_")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
