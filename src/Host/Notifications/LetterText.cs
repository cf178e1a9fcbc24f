using System.Text;

namespace Tollkeeper.Host.Notifications;

/// <summary>A letter as plain text.</summary>
static class LetterText
{
    /// <param name="hidden">What stands in place of a link that this copy does not show.</param>
    public static string Write(Letter letter, string name, string hidden)
    {
        var text = new StringBuilder();
        foreach (var paragraph in letter.Says) text.AppendLine(paragraph).AppendLine();
        foreach (var (fact, value) in letter.Facts) text.AppendLine($"{fact}: {value}");
        if (letter.Facts.Count > 0) text.AppendLine();
        if (letter.Table is { } table) AddTable(text, table);
        if (letter.Link is { } link)
            text.AppendLine(link.Text + ":").AppendLine(link.Address ?? hidden).AppendLine();
        foreach (var paragraph in letter.After) text.AppendLine(paragraph).AppendLine();
        text.AppendLine($"-- {name}");
        if (letter.Choice is { } choice) text.AppendLine().AppendLine(choice.Text).AppendLine(choice.Address);
        return text.ToString();
    }

    /// <summary>A row is a line, since columns cannot be told apart by width.</summary>
    static void AddTable(StringBuilder text, LetterTable table)
    {
        text.AppendLine(string.Join(" | ", table.Heads));
        foreach (var row in table.Rows) text.AppendLine(string.Join(" | ", row));
        text.AppendLine();
    }
}
