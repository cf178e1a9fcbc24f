using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;
using Tollkeeper.Rating;

namespace Tollkeeper.Host.Portal;

/// <summary>
/// Which calls a page's address asks for, as typed: it goes back into the form as it is, right or wrong.
/// </summary>
public sealed record CallQuery(
    string From, string To, string Direction, string Number, string Destination, string Disposition, string After,
    bool AllTotals)
{
    static readonly (string Word, Directions Direction)[] Ways =
        [("outbound", Directions.Outbound), ("inbound", Directions.Inbound)];

    static readonly (string Word, Disposition Disposition)[] Ends =
    [
        ("answered", Ledger.Disposition.Answered), ("busy", Ledger.Disposition.Busy),
        ("noAnswer", Ledger.Disposition.NoAnswer), ("cancelled", Ledger.Disposition.Cancelled),
        ("failed", Ledger.Disposition.Failed), ("rejected", Ledger.Disposition.Rejected),
    ];

    public static IEnumerable<string> DirectionWords => Ways.Select(way => way.Word);

    public static IEnumerable<string> DispositionWords => Ends.Select(end => end.Word);

    public static string WordOf(Disposition disposition) =>
        Ends.First(end => end.Disposition == disposition).Word;

    public static CallQuery Read(IQueryCollection query)
    {
        return new CallQuery(
            Text("from"), Text("to"), Text("direction"), Text("number"), Text("destination"), Text("disposition"),
            Text("after"), Text("totals") == "1");

        string Text(string name) => query[name].ToString().Trim() is { Length: <= 100 } text ? text : "";
    }

    /// <summary>Whether anything but dates is asked for.</summary>
    public bool IsFiltered => (Direction + Number + Destination + Disposition).Length > 0;

    /// <summary>
    /// The filter, or the refusal with the name of the field that it is about. Without dates: all that are shown (R25).
    /// </summary>
    public Result<CallFilter> Filter(LocalDate today, DialRules rules)
    {
        if (!TryDate(From, CallFilter.Earliest(today), out var from)) return new Refused(Refusal.BadDate, "from");
        if (!TryDate(To, today, out var to)) return new Refused(Refusal.BadDate, "to");
        var way = Ways.FirstOrDefault(each => each.Word == Direction);
        if (Direction.Length > 0 && way.Word is null) return new Refused(Refusal.BadDirection, "direction");
        var end = Ends.FirstOrDefault(each => each.Word == Disposition);
        if (Disposition.Length > 0 && end.Word is null) return new Refused(Refusal.BadDisposition, "disposition");
        var starts = Number.Length == 0 ? [] : NumberSearch.Starts(Number, rules);
        if (starts is null) return new Refused(Refusal.BadSearch, "number");
        if (Destination.Length > 0 && !PlainText.Fits(Destination, CallFilter.LongestDestination))
            return new Refused(Refusal.BadText, "destination");
        var filter = new CallFilter(
            from, to, way.Word is null ? null : way.Direction, starts,
            Destination.Length == 0 ? null : Destination, end.Word is null ? null : end.Disposition);
        return filter.Check(today) is { } outside ? outside : filter;
    }

    /// <summary>Where the page before said that it goes on; null: at the newest call.</summary>
    public Result<CallCursor?> Cursor()
    {
        if (After.Length == 0) return (CallCursor?)null;
        return CallCursor.Parse(After) is { } cursor ? cursor : new Refused(Refusal.BadText, "after");
    }

    /// <summary>The same question as an address.</summary>
    public string Address(string path, string? after = null, bool allTotals = false)
    {
        var parts = new List<(string Name, string Value)>
        {
            ("from", From), ("to", To), ("direction", Direction), ("number", Number), ("destination", Destination),
            ("disposition", Disposition), ("after", after ?? ""), ("totals", allTotals ? "1" : ""),
        };
        var said = parts.Where(part => part.Value.Length > 0)
            .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}").ToList();
        return said.Count == 0 ? path : $"{path}?{string.Join('&', said)}";
    }

    static bool TryDate(string text, LocalDate otherwise, out LocalDate date)
    {
        date = otherwise;
        if (text.Length == 0) return true;
        var read = LocalDatePattern.Iso.Parse(text);
        if (read.Success) date = read.Value;
        return read.Success;
    }
}
