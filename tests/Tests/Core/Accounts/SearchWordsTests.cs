using Tollkeeper.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Core.Accounts;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("Northwind Voice, Inc.", "northwind voice inc")]
    [InlineData("École du Sud – Montréal (QC)", "ecole du sud montreal qc")]
    [InlineData("O'Brien & Söhne GmbH", "o brien sohne gmbh")]
    [InlineData("Ромашка ТЕЛЕКОМ", "ромашка телеком")]
    [InlineData("شركة الاتصالات", "شركة الاتصالات")]
    [InlineData("電話会社", "電話会社 話会社 会社 社")]
    [InlineData("📞 <b>\u202E", "b")]
    [InlineData("-- '' %_ \\", "")]
    public void A_text_has_the_words_that_are_searched_for(string text, string words) =>
        Assert.Equal(words, string.Join(' ', SearchWords.OfText(text)));

    [Theory]
    [InlineData("  Voice NORTH ", "voice north")]
    [InlineData("(514) 555-0144", "5145550144")]
    [InlineData("+1 514 555 0144", "15145550144")]
    [InlineData("0033 1 99 00 12 34", "33199001234")]
    [InlineData("514 555", "514 555")]
    [InlineData("Ana.Díaz@Example.com", "ana.diaz@example.com")]
    [InlineData("<ana@example.com>, ltd", "ana@example.com ltd")]
    [InlineData("acc_3k7fabcdefghijkl", "3k7fabcdefghijkl")]
    [InlineData("a b c d e f g h i j", "a b c d e f g h")]
    [InlineData("@ . - 📞", "")]
    public void What_is_typed_becomes_words_of_which_all_must_be_there(string typed, string words) =>
        Assert.Equal(words, string.Join(' ', SearchWords.Typed(typed)));

    [Fact]
    public void A_telephone_number_is_found_with_and_without_its_country()
    {
        Assert.Equal(["15145550144", "5145550144"], SearchWords.OfPhone("+1 (514) 555-0144"));
        Assert.Equal(["33199001234"], SearchWords.OfPhone("+33 1 99 00 12 34"));
        Assert.Empty(SearchWords.OfPhone("ext."));
    }

    [Fact]
    public void However_long_a_text_is_its_words_are_few_and_short()
    {
        var numbers = string.Concat(Enumerable.Range(0, 500).Select(i => $" {i}"));
        var words = SearchWords.OfText(new string('語', 5_000) + numbers);
        Assert.True(words.Count() <= 64);
        Assert.All(words, word => Assert.True(word.Length <= SearchWords.LongestWord));
    }
}
