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
        Assert.Equal(["33199001234", "0033199001234"], SearchWords.OfPhone("0033 1 99 00 12 34"));
        Assert.Empty(SearchWords.OfPhone("ext."));
    }

    /// <summary>As a number that is typed is looked for without the 00 of abroad.</summary>
    [Theory]
    [InlineData("0033199001234", "0033199001234 33199001234")]
    [InlineData("1001", "1001")]
    [InlineData("00", "00")]
    [InlineData("00pbx-7", "00pbx 7")]
    public void A_SIP_user_that_is_a_number_is_found_however_it_is_typed(string name, string words) =>
        Assert.Equal(words, string.Join(' ', SearchWords.OfSipUser(name)));

    [Fact]
    public void No_character_is_cut_in_two()
    {
        var text = new string('a', SearchWords.LongestWord - 1) + "\U00010428b";
        var mail = text + "@example.com";
        string[] words = [.. SearchWords.OfText(text), .. SearchWords.OfMail(mail), .. SearchWords.Typed(mail)];
        Assert.NotEmpty(words);
        Assert.All(words, word => Assert.True(PlainText.Fits(word, SearchWords.LongestWord), word));
        Assert.Equal(text[..^3], Assert.Single(SearchWords.OfText(text)));
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
