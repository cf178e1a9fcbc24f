using System.Text;
using Microsoft.AspNetCore.Http;
using NodaTime.Text;

namespace Tollkeeper.Host.Shell;

/// <summary>A list as a file for spreadsheets and programs, handed over while it is read.</summary>
static class CsvFile
{
    /// <summary>How times of the provider's zone are written, the same in every language.</summary>
    public static readonly LocalDateTimePattern Local =
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");

    /// <summary>Who takes longer than this takes nothing.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Writes it while the reader's session stands. A file that breaks off is cut off, so that nobody takes it for a
    /// whole one.
    /// </summary>
    public static async Task Write(
        HttpContext http, Installation installation, string name, string head,
        Func<StreamWriter, CancellationToken, Task> rows)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        var person = Visit.Of(http).Person!;
        using var session = await installation.Rules.Sessions.Watch(
            person.SessionId, person.AccountNo, http.RequestAborted);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, session.Ended);
        var acting = person.ActingAs?.LeftAt(installation.Clock.GetCurrentInstant()).ToTimeSpan();
        over.CancelAfter(acting is { } left && left < Longest ? left : Longest);
        // Spreadsheets take a file without this mark for one in the machine's old encoding.
        await using var file = new StreamWriter(http.Response.Body, new UTF8Encoding(true));
        try
        {
            await file.WriteAsync(head);
            await rows(file, over.Token);
        }
        catch
        {
            http.Abort();
            throw;
        }
    }

    /// <summary>
    /// Quoted as RFC 4180 says. What a spreadsheet would take for a formula begins with an apostrophe, but for plain
    /// numbers: whoever calls chooses the name that is shown here.
    /// </summary>
    public static string Cell(string text)
    {
        var formula = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]
            && text.AsSpan(1).ContainsAnyExceptInRange('0', '9');
        var safe = formula ? "'" + text : text;
        if (!safe.AsSpan().ContainsAny("\",\r\n;")) return safe;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
