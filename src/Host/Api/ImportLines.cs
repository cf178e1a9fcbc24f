using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Api;

/// <summary>Reads one line of an import after the other: JSON, or CSV whose first line names the columns.</summary>
sealed class ImportLines(bool csv, AccessKey key)
{
    readonly CsvFields fields = new((byte)',');
    readonly Dictionary<string, int> columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null for a line that says nothing: an empty one, or the CSV header.</summary>
    public Result<FinishedCall>? Read(byte[]? line)
    {
        if (line is null) return Refusal.TooLarge;
        var text = line.AsSpan().Trim(" \t\r"u8);
        if (text.IsEmpty) return null;
        if (csv && !Utf8.IsValid(text)) return Refusal.FileNotUtf8;
        if (csv && columns.Count == 0) return ReadHeader(text);
        var body = csv ? FromCsv(text) : Door.Parse(new Utf8JsonReader(text), ApiJson.Default.ImportLine);
        return body.Refused is { } unreadable ? unreadable : CallQuestions.Of(body.Value, key);
    }

    Result<FinishedCall>? ReadHeader(ReadOnlySpan<byte> text)
    {
        if (!fields.TrySplit(text)) return Refusal.FileUnreadable;
        for (var i = 0; i < fields.Count; i++)
            columns.TryAdd(Encoding.UTF8.GetString(fields.Of(text, i)).Replace("_", "", StringComparison.Ordinal), i);
        return null;
    }

    Result<ImportLine> FromCsv(ReadOnlySpan<byte> text)
    {
        if (!fields.TrySplit(text)) return Refusal.FileUnreadable;
        var seconds = Field(text, "seconds");
        return new ImportLine
        {
            Switch = Field(text, "switch"),
            Call = Field(text, "call"),
            Account = Field(text, "account"),
            Direction = Field(text, "direction"),
            From = Field(text, "from"),
            To = Field(text, "to"),
            Lrn = Field(text, "lrn"),
            AnsweredAt = Field(text, "answeredAt"),
            EndedAt = Field(text, "endedAt"),
            Seconds = seconds is null ? null : new WholeSeconds(NumberOf(seconds)),
            Disposition = Field(text, "disposition"),
            SipCode = Field(text, "sipCode") is { } code ? NumberOf(code) ?? 0 : null,
        };
    }

    /// <summary>Null where the column is missing or the field empty.</summary>
    string? Field(ReadOnlySpan<byte> text, string column)
    {
        if (!columns.TryGetValue(column, out var index) || index >= fields.Count) return null;
        var value = fields.Of(text, index);
        return value.IsEmpty ? null : Encoding.UTF8.GetString(value);
    }

    static int? NumberOf(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
