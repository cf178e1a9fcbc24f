using System.Text;
using NodaTime;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Xunit;

namespace Tollkeeper.Tests.Engine.Rating;

public sealed class RateFileTests
{
    const string Header = "call,account,direction,from,to,answered_at,seconds";

    static readonly RateDeck Deck = DeckOf(
        "prefix,destination,rate,first,next,connect_fee,effective_from,effective_to,blocked\n"
        + "1,North America,0.01,6,6,0,,,\n"
        + "1416,\"Toronto, \"\"ON\"\"\",0.008,60,60,0.005,2026-01-01,2026-07-01,\n"
        + "1900,Premium,,6,6,0,,,yes\n"
        + "44,UK,0.02,1,1,0,,,\n");

    [Fact]
    public async Task Every_call_keeps_its_place_with_its_price_or_the_name_of_its_refusal()
    {
        (string Line, string Added)[] calls =
        [
            (
                "c1,acc,outbound,+12125550100,+14165550100,2026-03-01T12:00:00Z,61",
                "1416,\"Toronto, \"\"ON\"\"\",120,0.021000,"),
            ("c2,acc,outbound,,4165550100,2026-07-01T00:00:00Z,61", "1,North America,66,0.011000,"),
            ("c3,acc,inbound,x,011442071234567,2026-03-01T12:00:00.123+01:00,7", "44,UK,7,0.002333,"),
            ("c4,acc,outbound,,911,2026-03-01T12:00:00Z,600", ",,0,0.000000,"),
            ("c5,acc,outbound,,*97,2026-03-01T12:00:00Z,60", ",,0,0.000000,"),
            ("c6,acc,outbound,,+19005550100,2026-03-01T12:00:00Z,60", ",,,,destination_blocked"),
            ("c7,acc,outbound,,+33123456789,2026-03-01T12:00:00Z,60", ",,,,no_rate"),
            ("c8,acc,outbound,,nobody,2026-03-01T12:00:00Z,60", ",,,,bad_number"),
            ("c9,acc,sideways,,+14165550100,2026-03-01T12:00:00Z,60", ",,,,bad_direction"),
            ("c10,acc,outbound,,+14165550100,2026-03-01T12:00:00Z,-1", ",,,,bad_seconds"),
            ("c11,acc,outbound,,+14165550100,2026-03-01T12:00:00Z,99999999999999999999", ",,,,bad_seconds"),
            ("c12,acc,outbound,,+14165550100,2026-02-30T12:00:00Z,60", ",,,,bad_instant"),
            ("c13,acc,outbound,,+14165550100,yesterday,60", ",,,,bad_instant"),
            ("c14,acc,outbound,,+14165550100,,0", ",,0,0.000000,"),
            (
                "\"c15, \"\"x\"\"\",acc,outbound,,\"+14165550100\",2026-03-01T12:00:00Z,0",
                "1416,\"Toronto, \"\"ON\"\"\",0,0.000000,"),
        ];
        var text = Header + "\r\n" + string.Join("\r\n", calls.Select(call => call.Line));
        var (rated, totals) = await RateAsync(text);
        Assert.Equal(
            [
                Header + ",prefix,destination,billed_seconds,charge,refusal",
                .. calls.Select(call => $"{call.Line},{call.Added}"),
                "",
            ],
            rated.Split('\n'));
        Assert.Equal((15L, 7L, 8L, 34_333L), (totals.Lines, totals.Rated, totals.Refused, totals.ChargeMicros));
    }

    [Theory]
    [InlineData("c1,acc,outbound,,+14165550100,2026-03-01", "\"c1,acc,outbound,,+14165550100,2026-03-01\"")]
    [InlineData("c1,\"acc,outbound,,+1416,2026-03-01,6", "\"c1,\"\"acc,outbound,,+1416,2026-03-01,6\"")]
    [InlineData("{\"call\":1}", "\"{\"\"call\"\":1}\"")]
    public async Task A_line_that_is_no_record_stands_whole_in_the_first_column(string line, string first)
    {
        var good = "c2,acc,outbound,,+14165550100,2026-03-01T12:00:00Z,6";
        var (rated, _) = await RateAsync($"{Header}\n{line}\n{good}\n");
        var lines = rated.Split('\n');
        Assert.Equal(first + ",,,,,,,,,,,file_unreadable", lines[1]);
        Assert.StartsWith(good, lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_spoil_their_line_alone()
    {
        const string call = ",outbound,,+14165550100,2026-03-01T12:00:00Z,6\n";
        var bytes = Encoding.UTF8.GetBytes($"{Header}\nX,acc{call}c2,a\u00e9{call}");
        bytes[Header.Length + 1] = 0xFF;
        using var output = new MemoryStream();
        var totals = (await FileOf(1).RunAsync(new MemoryStream(bytes), output)).Value;
        Assert.Equal((1L, 1L), (totals.Rated, totals.Refused));
        Assert.Contains(",file_not_utf8\n", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
        Assert.True(System.Text.Unicode.Utf8.IsValid(output.ToArray()));
    }

    [Fact]
    public async Task One_core_and_many_write_the_same_file_whatever_the_chunks_cut()
    {
        var text = new StringBuilder(Header + "\n");
        var random = new Random(3);
        for (var i = 0; i < 60_000; i++)
        {
            text.Append('c').Append(i).Append(',').Append('a', random.Next(1, 60)).Append(",outbound,,+1416555")
                .Append(random.Next(10_000).ToString("D4"))
                .Append(",2026-03-01T12:00:00Z,").Append(random.Next(600)).Append('\n');
        }
        var (one, totals) = await RateAsync(text.ToString(), workers: 1);
        var (many, same) = await RateAsync(text.ToString(), workers: 4);
        Assert.Equal(60_000, totals.Rated);
        Assert.Equal(totals, same);
        Assert.Equal(one, many);
        var inOrder = one.Split('\n').Skip(1)
            .TakeWhile((line, i) => line.StartsWith($"c{i},", StringComparison.Ordinal));
        Assert.Equal(60_000, inOrder.Count());
    }

    [Theory]
    [InlineData("call,to,seconds\n", Refusal.DeckColumnMissing)]
    [InlineData("to,to,answered_at,seconds\n", Refusal.DeckColumnTwice)]
    [InlineData("", Refusal.DeckColumnMissing)]
    public async Task A_file_of_calls_needs_its_columns(string text, Refusal refusal)
    {
        var result = await FileOf(1).RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), new MemoryStream());
        Assert.Equal(refusal, result.Refused!.Refusal);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_in_bounded_memory()
    {
        var result = await FileOf(1).RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Header + "\n" + new string('x', 3_000_000))), new MemoryStream());
        Assert.Equal(Refusal.FileUnreadable, result.Refused!.Refusal);
    }

    [Fact]
    public async Task RATE_05_states_come_from_the_numbering_table()
    {
        var deck = DeckOf("npa,nxx,interstate,intrastate,indeterminate\n212,555,0.006,0.012,0.018\n");
        var table = NumberingTable.Build([new("1212", "NY", "US"), new("1973", "NJ", "US")]);
        var file = new RateFile(deck, table, PolicyPresets.All["retail-usd"].Dialling, 1);
        using var output = new MemoryStream();
        var calls = "to,from,lrn,answered_at,seconds\n"
            + "+12125550100,+12125550199,,2026-03-01T12:00:00Z,60\n"
            + "+12125550100,+12125550199,+19735550100,2026-03-01T12:00:00Z,60\n"
            + "+12125550100,anonymous,,2026-03-01T12:00:00Z,60\n";
        Assert.True((await file.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(calls)), output)).Accepted);
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        var charges = lines.Skip(1).SkipLast(1).Select(line => line.Split(',')[^2]);
        Assert.Equal(["0.012000", "0.006000", "0.018000"], charges);
    }

    [Theory]
    [InlineData("2026-03-01T12:34:56Z", "2026-03-01T12:34:56Z")]
    [InlineData("2024-02-29T23:59:59z", "2024-02-29T23:59:59Z")]
    [InlineData("2000-02-29t00:00:00.5+05:30", "2000-02-28T18:30:00.5Z")]
    [InlineData("2026-03-01 12:34:56.123456789-08:00", "2026-03-01T20:34:56.123456789Z")]
    [InlineData("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z")]
    [InlineData("2023-02-29T00:00:00Z", null)]
    [InlineData("2026-13-01T00:00:00Z", null)]
    [InlineData("2026-00-01T00:00:00Z", null)]
    [InlineData("2026-01-00T00:00:00Z", null)]
    [InlineData("2026-01-01T24:00:00Z", null)]
    [InlineData("2026-01-01T00:60:00Z", null)]
    [InlineData("2026-01-01T00:00:60Z", null)]
    [InlineData("2026-01-01T00:00:00", null)]
    [InlineData("2026-01-01T00:00:00.Z", null)]
    [InlineData("2026-01-01T00:00:00.0000000001Z", null)]
    [InlineData("2026-01-01T00:00:00+19:00", null)]
    [InlineData("-026-01-01T00:00:00Z", null)]
    [InlineData("20a6-01-01T00:00:00Z", null)]
    public void An_instant_is_read_by_hand_as_RFC_3339_says(string text, string? utc)
    {
        var read = Utf8Instant.TryRead(Encoding.ASCII.GetBytes(text), out var instant);
        Assert.Equal(utc, read ? NodaTime.Text.InstantPattern.ExtendedIso.Format(instant) : null);
    }

    [Fact]
    public void Every_day_of_two_centuries_is_read_as_the_calendar_has_it()
    {
        for (var day = new LocalDate(1900, 1, 1); day.Year < 2101; day = day.PlusDays(1))
        {
            Assert.True(Utf8Instant.TryRead(Encoding.ASCII.GetBytes($"{day:uuuu-MM-dd}T00:00:00Z"), out var instant));
            Assert.Equal(day.AtMidnight().InUtc().ToInstant(), instant);
        }
    }

    static RateDeck DeckOf(string csv)
    {
        var reading = DeckFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)), new DeckCsvOptions());
        Assert.True(reading.Accepted, reading.Refused?.Detail);
        return RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, reading.Rates);
    }

    static RateFile FileOf(int workers) =>
        new(Deck, NumberingTable.Empty, PolicyPresets.All["retail-usd"].Dialling, workers);

    static async Task<(string Rated, RateFileTotals Totals)> RateAsync(string calls, int workers = 1)
    {
        using var output = new MemoryStream();
        var totals = await FileOf(workers).RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(calls)), output);
        return (Encoding.UTF8.GetString(output.ToArray()), totals.Value);
    }
}
