using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>Where a file of calls has which column. Caller and LRN matter only with a numbering table.</summary>
sealed record CallsColumns(
    int Count, int Direction, int From, int To, int Lrn, int AnsweredAt, int Seconds, byte Separator)
{
    public static Result<CallsColumns> Read(ReadOnlySpan<byte> record)
    {
        var separator = CsvFields.SeparatorOf(record);
        var header = CsvHeader.Read(record, new CsvFields(separator));
        if (!header.Accepted) return header.Refused!;
        Refused? refused = null;
        var columns = new CallsColumns(
            header.Value.Count,
            Find("direction", false, "direction"),
            Find("from", false, "from", "caller", "callerid", "ani", "fromani"),
            Find("to", true, "to", "destination", "dialed", "dialled", "callee", "called", "todid"),
            Find("lrn", false, "lrn"),
            Find("answered_at", true, "answeredat", "answered", "start", "startedat", "time", "date"),
            Find("seconds", true, "seconds", "durations", "durationseconds", "duration", "billsec"),
            separator);
        return refused is null ? columns : refused;

        int Find(string name, bool needed, params ReadOnlySpan<string> synonyms)
        {
            var found = header.Value.Find(synonyms);
            refused ??= found.Refused;
            if (found.Accepted && found.Value < 0 && needed) refused ??= new Refused(Refusal.DeckColumnMissing, name);
            return found.Accepted ? found.Value : -1;
        }
    }
}
