using System.Text;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Host.Notifications;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Host.Notifications;

public sealed class MimeMailTests
{
    [Theory]
    [InlineData("Plain words - 42")]
    [InlineData("Facture nº 42 – ñandú, 48,1372 $ US")]
    [InlineData("مرحبا بالعالم \u202e reversed")]
    [InlineData("📞📟 a very long subject that takes more than one encoded word, 电话账单 and so on and so forth 📞📟")]
    [InlineData("a\r\nBcc: victim@example.com\r\n\r\nbody")]
    public void A_subject_comes_back_as_it_was_and_begins_no_header_of_its_own(string subject)
    {
        var raw = Write(subject, "text", "<p>html</p>");
        Assert.Equal(subject, new WrittenMail(raw).Subject);
        Assert.DoesNotContain("\nBcc:", raw, StringComparison.Ordinal);
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 200));
    }

    [Fact]
    public void A_providers_name_can_begin_no_header()
    {
        var raw = Write("s", "text", "html", fromName: "Evil\r\nBcc: victim@example.com");
        Assert.DoesNotContain("\nBcc:", raw, StringComparison.Ordinal);
        Assert.Single(raw.Split("\r\n"), line => line.StartsWith("To: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_of_any_language_come_back_and_every_line_is_short_and_of_seven_bits()
    {
        var text = "é ñ 电话 📞 = .\n.\n..dots\n" + new string('x', 5_000) + "\ntrailing space \nend";
        var raw = Write("s", text, $"<p>{text}</p>");
        Assert.Equal(text.ReplaceLineEndings("\n"), new WrittenMail(raw).Text.TrimEnd('\n'));
        Assert.True(raw.All(c => c < 128));
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    [Fact]
    public void A_file_goes_along_under_its_name()
    {
        var content = Encoding.UTF8.GetBytes("prefix,price\r\n1,0.05\r\n");
        var raw = Write("s", "text", "html", file: new MailFile("tarifs é.csv", "text/csv", content));
        Assert.Contains("filename*=utf-8''tarifs%20%C3%A9.csv", raw, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(content), raw, StringComparison.Ordinal);
        Assert.Contains("multipart/mixed", raw, StringComparison.Ordinal);
        Assert.Equal("text", new WrittenMail(raw).Text.TrimEnd());
    }

    static string Write(
        string subject, string text, string html, string fromName = "Northwind", MailFile? file = null)
    {
        Assert.True(EmailAddress.TryParse("no-reply@x.example", out var from));
        Assert.True(EmailAddress.TryParse("ana@x.example", out var to));
        return Encoding.UTF8.GetString(MimeMail.Write(new OutgoingMail(
            "mai_aaaa", "x.example", from, fromName, to, Language.French, new MailWords(subject, text, html),
            Instant.FromUtc(2026, 3, 2, 15, 0), file)));
    }
}
