using System.Text.RegularExpressions;
using Xunit;

namespace Tollkeeper.Tests.Tidy;

/// <summary>C# source with its comments and the insides of its text blanked, same length, same lines.</summary>
public static class CSharpText
{
    public static string CodeOnly(string source)
    {
        var code = source.ToCharArray();
        var at = 0;
        while (at < source.Length)
        {
            var end = EndOfBlank(source, at);
            for (var i = at; i < end; i++)
                if (code[i] != '\n') code[i] = ' ';
            at = Math.Max(end, at + 1);
        }

        return new string(code);
    }

    /// <summary>
    /// Where the comment or the text that starts here ends; <paramref name="at"/> itself where none starts.
    /// </summary>
    static int EndOfBlank(string source, int at)
    {
        var rest = source.AsSpan(at);
        if (rest.StartsWith("//")) return EndOfLine(source, at);
        if (rest.StartsWith("/*")) return After(source, "*/", at + 2);
        if (rest[0] == '\'') return EndOfQuoted(source, at, '\'');
        if (rest[0] is not ('"' or '$' or '@')) return at;
        var quote = at;
        while (quote < source.Length && source[quote] is '$' or '@') quote++;
        if (quote == source.Length || source[quote] != '"') return at;
        var quotes = 0;
        while (quote + quotes < source.Length && source[quote + quotes] == '"') quotes++;
        if (quotes >= 3) return After(source, new string('"', quotes), quote + quotes);
        var verbatim = source.AsSpan(at, quote - at).Contains('@');
        return verbatim ? EndOfVerbatim(source, quote) : EndOfQuoted(source, quote, '"');
    }

    static int EndOfLine(string source, int at)
    {
        var end = source.IndexOf('\n', at);
        return end < 0 ? source.Length : end;
    }

    static int After(string source, string mark, int from)
    {
        var found = source.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? source.Length : found + mark.Length;
    }

    static int EndOfQuoted(string source, int quote, char with)
    {
        var at = quote + 1;
        while (at < source.Length && source[at] != with && source[at] != '\n') at += source[at] == '\\' ? 2 : 1;
        return Math.Min(at + 1, source.Length);
    }

    static int EndOfVerbatim(string source, int quote)
    {
        var at = quote + 1;
        while (at < source.Length)
        {
            if (source[at] != '"') at++;
            else if (at + 1 < source.Length && source[at + 1] == '"') at += 2;
            else return at + 1;
        }

        return source.Length;
    }
}

public sealed class CSharpTextTests
{
    [Theory]
    [InlineData("a; // decimal", "a;")]
    [InlineData("a; /* x */ b;", "a; b;")]
    [InlineData("f(\"a \\\" b\", c)", "f( , c)")]
    [InlineData("f(@\"a \"\" b\", c)", "f( , c)")]
    [InlineData("f($\"{a}\", '\"', c)", "f( , , c)")]
    [InlineData("f(\"\"\"a \"b\" c\"\"\", d)", "f( , d)")]
    public void Comments_and_text_are_blanks_and_the_rest_stays(string source, string code) =>
        Assert.Equal(code, Regex.Replace(CSharpText.CodeOnly(source), " +", " ").TrimEnd());
}
