using System.Text;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Core.Ledger;

public class KeptTermsTests
{
    static readonly KeptTerms Terms = new()
    {
        DeckNo = 3,
        DeckVersion = 2,
        Prefix = "1416",
        Destination = "Toronto",
        RateE8 = 1_500_000,
        FirstSeconds = 30,
        NextSeconds = 6,
        ConnectFeeMicros = 10_000,
        MinimumMicros = 20_000,
        DipMicros = 400,
        SurchargeMicros = -5,
        Decimals = 4,
        RoundingMode = 1,
        Jurisdiction = 2,
        TaxCode = "US FUSF",
        TaxPartsPerMillion = 370_000,
    };

    [Theory]
    [InlineData("US FUSF")]
    [InlineData("x")]
    [InlineData(null)]
    public void The_text_of_a_calls_terms_reads_back_as_the_terms(string? taxCode)
    {
        var terms = Terms with { TaxCode = taxCode };
        var read = new KeptTerms
        {
            DeckNo = 3,
            DeckVersion = 2,
            Prefix = "1416",
            Destination = "Toronto",
            RateE8 = 1_500_000,
        };
        Assert.True(KeptTerms.TryRead(Encoding.UTF8.GetBytes(terms.Text), ref read));
        Assert.Equal(terms, read);
    }

    [Fact]
    public void The_text_of_terms_is_readable() =>
        Assert.Equal("30/6 10000 20000 400 -5 4 1 2 370000 US FUSF", Terms.Text);

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("30/6 10000")]
    [InlineData("30:6 10000 20000 400 0 4 1 2 0")]
    [InlineData("30/6 1e9 20000 400 0 4 1 2 0")]
    [InlineData("30/6 99999999999999999999 20000 400 0 4 1 2 0")]
    [InlineData("4294967326/6 10000 20000 400 0 4 1 2 0")]
    public void A_text_that_is_no_terms_is_not_read(string text)
    {
        var read = default(KeptTerms);
        Assert.False(KeptTerms.TryRead(Encoding.UTF8.GetBytes(text), ref read));
    }

    [Fact]
    public void The_text_of_a_first_answer_reads_back_as_the_answer()
    {
        var answer = new FirstAnswer(300, 250_000, Final: true, 270);
        Assert.Equal(answer, FirstAnswer.Read(answer.Text));
        Assert.Null(FirstAnswer.Read(null));
    }
}
