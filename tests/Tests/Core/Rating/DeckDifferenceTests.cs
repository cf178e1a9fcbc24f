using NodaTime;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Core.Rating;

/// <summary>What a new version of a deck changes, and when it may take effect (domain: rate decks).</summary>
public sealed class DeckDifferenceTests
{
    static readonly Instant At = Instant.FromUtc(2026, 3, 9, 5, 0);

    [Theory]
    // before; after; what is said of prefix 44; whether customers have a right to notice
    [InlineData("44 0.02", "44 0.02", "same", false)]
    [InlineData("44 0.02", "44 0.03", "Dearer", true)]
    [InlineData("44 0.02", "44 0.01", "Cheaper", false)]
    [InlineData("1 0.01", "1 0.01,44 0.02", "New", false)]
    [InlineData("44 0.02,1 0.01", "1 0.01", "Removed", false)]
    // Longer periods and fees cost more, whatever the price.
    [InlineData("44 0.02 1/1", "44 0.02 60/60", "Dearer", true)]
    [InlineData("44 0.02 60/60", "44 0.019 60/60 fee", "Dearer", true)]
    [InlineData("44 0.02 60/60", "44 0.02 30/6", "Cheaper", false)]
    // A prefix of its own within a longer one's reach: what its calls paid before is what counts.
    [InlineData("4 0.02", "4 0.02,44 0.03", "New", true)]
    [InlineData("4 0.02", "4 0.02,44 0.01", "New", false)]
    [InlineData("4 0.05,44 0.01", "4 0.05", "Removed", true)]
    [InlineData("4 0.01,44 0.05", "4 0.01", "Removed", false)]
    // Blocked is not there to be called.
    [InlineData("44 blocked", "44 0.02", "New", false)]
    [InlineData("44 0.02", "44 blocked", "Removed", false)]
    [InlineData("44 blocked", "44 blocked", "same", false)]
    public void A_prefix_is_new_dearer_cheaper_removed_or_the_same(
        string before, string after, string expected, bool raises)
    {
        var difference = DeckDifference.Of(Deck(before), Deck(after), At);
        var found = difference.Changes.Where(change => change.Prefix == "44").Select(change => $"{change.Kind}")
            .SingleOrDefault("same");
        Assert.Equal((expected, raises), (found, difference.Raises));
    }

    [Fact]
    public void The_first_version_of_a_deck_raises_nothing()
    {
        var difference = DeckDifference.Of(null, Deck("1 0.01,44 0.02"), At);
        Assert.Equal((2, 0, false), (difference.Changes.Count, difference.Unchanged, difference.Raises));
        Assert.All(difference.Changes, change => Assert.Null(change.Before));
    }

    [Fact]
    public void Rows_count_that_are_in_force_when_the_version_takes_effect()
    {
        var later = At + Duration.FromDays(3);
        var dated = RateDeck.Build(1, 2, Currency.Usd, Rounding.Micros,
        [
            Row("44", 2_000_000) with { To = later }, Row("44", 5_000_000) with { From = later },
            Row("33", 1) with { From = later },
        ]);
        var difference = DeckDifference.Of(Deck("44 0.02,33 0.01"), dated, At);
        var removed = Assert.Single(difference.Changes);
        Assert.Equal((RateChangeKind.Removed, "33", 1), (removed.Kind, removed.Prefix, difference.Unchanged));
    }

    [Theory]
    // raises; hours from now (-: as soon as may be); notice in days; reason; refused or hours from now
    [InlineData(false, "-", 7, "", "60 s")]
    [InlineData(false, "1", 7, "", "1 h")]
    [InlineData(false, "0", 7, "", "DeckTooSoon")]
    [InlineData(true, "-", 7, "", "168 h")]
    [InlineData(true, "168", 7, "", "168 h")]
    [InlineData(true, "167", 7, "", "DeckNoticeShort")]
    [InlineData(true, "167", 7, " ", "DeckNoticeShort")]
    [InlineData(true, "1", 7, "the carrier's price", "1 h")]
    [InlineData(true, "0", 7, "the carrier's price", "DeckTooSoon")]
    [InlineData(true, "-", 0, "", "60 s")]
    public void Increases_come_after_notice_or_with_a_reason_and_decreases_at_once(
        bool raises, string hours, int notice, string reason, string expected)
    {
        var now = At - Duration.FromDays(20);
        Instant? from = hours == "-" ? null : now + Duration.FromHours(int.Parse(hours));
        var judged = RateNotice.Judge(raises, now, from, notice, reason);
        var wait = judged.Accepted ? judged.Value - now : Duration.Zero;
        var said = judged.Refused?.Refusal.ToString()
            ?? (wait < Duration.FromHours(1) ? $"{wait.TotalSeconds} s" : $"{wait.TotalHours} h");
        Assert.Equal(expected, said);
    }

    static RateDeck Deck(string rows) => RateDeck.Build(
        1, 1, Currency.Usd, Rounding.Micros, rows.Split(',').Select(Read));

    /// <summary>Prefix, price, then periods, <c>fee</c>, <c>blocked</c>.</summary>
    static Rate Read(string row)
    {
        var words = row.Split(' ');
        var blocked = words.Contains("blocked");
        Assert.True(FixedPoint.TryRead(blocked ? "0.01" : words[1], 8, out var e8));
        var periods = words.FirstOrDefault(word => word.Contains('/'), "60/60").Split('/');
        return Row(words[0], e8) with
        {
            FirstSeconds = int.Parse(periods[0]),
            NextSeconds = int.Parse(periods[1]),
            ConnectFeeMicros = words.Contains("fee") ? 1 : 0,
            Blocked = blocked,
        };
    }

    static Rate Row(string prefix, long e8) => new()
    {
        Prefix = prefix,
        Destination = prefix,
        PerMinute = new PerMinute(e8),
        FirstSeconds = 60,
        NextSeconds = 60,
    };
}
