using System.Text;
using NodaTime;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Rating;
using Tollkeeper.Tests.Golden;
using Xunit;

namespace Tollkeeper.Tests.Engine.Rating;

public sealed class DeckFileTests
{
    const string Header = "prefix,destination,rate,first,next,connect_fee,effective_from,effective_to\n";

    [Fact]
    public void RATE_04_the_sample_deck_finds_what_a_dictionary_of_ever_shorter_prefixes_finds()
    {
        var rates = DeckFile.Read(Repository.Sample("deck-usd.csv"), new DeckCsvOptions()).Value.Rates;
        var deck = RateDeck.Build(1, 1, Currency.Usd, Rounding.Micros, rates);
        var byPrefix = rates.ToDictionary(rate => rate.Prefix, StringComparer.Ordinal);
        var random = new Random(11);
        for (var i = 0; i < 200_000; i++)
        {
            // Half of the numbers begin with a prefix, half anyhow; of every length, down to shorter than the prefix.
            var number = (i % 2 == 0 ? rates[random.Next(rates.Count)].Prefix : "")
                + random.NextInt64(1_000_000_000_000_000).ToString("D15");
            number = number[..random.Next(1, 16)];
            var expected = Enumerable.Range(0, number.Length).Select(cut => number[..^cut])
                .FirstOrDefault(byPrefix.ContainsKey);
            var found = deck.Find(number, default);
            Assert.Equal(expected, found.Accepted ? found.Value.Prefix : null);
        }
    }

    [Fact]
    public void Every_column_of_a_deck_is_read()
    {
        var rate = Only(
            "Prefix,Destination,Rate,First,Next,Connect_Fee,Effective_From,Effective_To,"
            + "Min_Charge,Blocked,Interstate,Intrastate,Indeterminate\n"
            + "+1416,\"Toronto, \"\"ON\"\"\",0.00800001,30,6,0.005,2026-01-01T00:00:00-05:00,2026-07-01,"
            + "0.01,no,0.007,0.012,0.013\n");
        Assert.Equal(
            new Rate
            {
                Prefix = "1416",
                Destination = "Toronto, \"ON\"",
                PerMinute = new PerMinute(800_001),
                FirstSeconds = 30,
                NextSeconds = 6,
                ConnectFeeMicros = 5_000,
                MinimumMicros = 10_000,
                From = Instant.FromUtc(2026, 1, 1, 5, 0),
                To = Instant.FromUtc(2026, 7, 1, 0, 0),
                Interstate = new PerMinute(700_000),
                Intrastate = new PerMinute(1_200_000),
                Indeterminate = new PerMinute(1_300_000),
            },
            rate);
    }

    [Theory]
    [InlineData("dialprefix;destination name;rate;initial;increment\n44;UK;0.02;30;6\n", 30, 6)]
    [InlineData("destination\tcode\trate_usd\tincrement\teffective_from\nUK\t44\t0.02\t1/1\t2026-01-01\n", 1, 1)]
    [InlineData("code;duration;increment;rate\n44;30;6;0.02\n", 30, 6)]
    [InlineData("code,rate,increment\n44,0.02,6\n", 6, 6)]
    [InlineData("\uFEFFcode,rate\r\n44,0.02\r\n", 60, 60)]
    [InlineData("code,rate,first,next\n44,0.02,,\n", 60, 60)]
    [InlineData("code,rate,first,next\n44,0.02,1,", 1, 60)]
    [InlineData("DIALPREFIX;Destination Name;Rate;Initial Billing Time;Billing Increment\n44;UK;0.02;60;1\n", 60, 1)]
    public void Carriers_own_column_names_and_separators_are_understood(string file, int first, int next)
    {
        var rate = Only(file);
        Assert.Equal(("44", 2_000_000, first, next),
            (rate.Prefix, rate.PerMinute.E8, rate.FirstSeconds, rate.NextSeconds));
    }

    [Theory]
    [InlineData("npanxx,interstate,intrastate,indeterminate\n212555,0.007,0.012,0.013\n", "1212555", 1_300_000)]
    [InlineData("code;duration;increment;interrate;intrarate;ijrate\n1212555;6;6;0.007;0.012;\n", "1212555", 1_200_000)]
    [InlineData("npa,nxx,interstate,intrastate\n212,555,0.014,0.012\n", "1212555", 1_400_000)]
    [InlineData("npanxx,interstate,intrastate,indeterminate\n1212555,0.007,0.012,0.013\n", "1212555", 1_300_000)]
    public void RATE_05_a_deck_of_states_needs_no_flat_rate(string file, string prefix, long flatE8)
    {
        var rate = Only(file);
        Assert.Equal((prefix, flatE8), (rate.Prefix, rate.PerMinute.E8));
    }

    [Fact]
    public void Several_codes_and_ranges_in_a_cell_are_rates_each()
    {
        var reading = Read("code,rate\n\"4930, 4931\",0.01\n4940-4942,0.02\n+4950|+4951,0.03\n");
        Assert.Equal(["4930", "4931", "4940", "4941", "4942", "4950", "4951"], reading.Rates.Select(r => r.Prefix));
    }

    [Fact]
    public void Columns_hold_what_somebody_says_whatever_their_names_are()
    {
        const string file = "what,x,y,rate\n4930,Germany,0.02,9\n";
        DeckField[] said = [DeckField.Prefix, DeckField.Destination, DeckField.Rate, DeckField.None];
        var rate = Assert.Single(Read(file, new DeckCsvOptions { Columns = said }).Rates);
        Assert.Equal(("4930", "Germany", 2_000_000), (rate.Prefix, rate.Destination, rate.PerMinute.E8));
        Assert.Equal(
            Refusal.FileUnreadable, Read(file, new DeckCsvOptions { Columns = said[..3] }).Refused?.Refusal);
        Assert.Equal(Refusal.DeckColumnTwice, DeckMapping.Problem([.. said, DeckField.Rate])?.Refusal);
        Assert.Equal(Refusal.DeckColumnMissing, DeckMapping.Problem(said[1..])?.Refusal);
        Assert.Null(DeckMapping.Problem(said));
    }

    [Fact]
    public void The_first_lines_of_a_file_are_shown_with_what_its_columns_seem_to_hold()
    {
        var file = "Dial Code;Country;Rate USD;Price\n" + string.Concat(Enumerable.Repeat("49;\"A;b\";1;2\n", 20));
        var preview = DraftFile.Preview(new MemoryStream(Encoding.UTF8.GetBytes(file))).Value;
        Assert.Equal(["Dial Code", "Country", "Rate USD", "Price"], preview.Header);
        Assert.Equal(
            [DeckField.Prefix, DeckField.Destination, DeckField.Rate, DeckField.None], preview.Guess);
        Assert.Equal(DraftFile.PreviewRows, preview.Rows.Count);
        Assert.Equal(["49", "A;b", "1", "2"], preview.Rows[0]);
        Assert.Equal(file, Encoding.UTF8.GetString(DraftFile.Unpack(DraftFile.Pack(Encoding.UTF8.GetBytes(file)))));
    }

    [Theory]
    [InlineData("14,A,x,6,6,0,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,,6,6,0,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,-0.01,6,6,0,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,1e-3,6,6,0,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,\"0,01\",6,6,0,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,0.000000001,6,6,0,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,99999999999999999999999999999999999,6,6,0,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,0.01,6,6,-1,,\n", Refusal.DeckBadRate)]
    [InlineData("14,A,0,6,6,0,,\n", Refusal.DeckZeroRate)]
    [InlineData(",A,0.01,6,6,0,,\n", Refusal.DeckBadPrefix)]
    [InlineData("1A,A,0.01,6,6,0,,\n", Refusal.DeckBadPrefix)]
    [InlineData("044,A,0.01,6,6,0,,\n", Refusal.DeckBadPrefix)]
    [InlineData("1234567890123456,A,0.01,6,6,0,,\n", Refusal.DeckBadPrefix)]
    [InlineData("100-99,A,0.01,6,6,0,,\n", Refusal.DeckBadPrefix)]
    [InlineData("10000000-99999999,A,0.01,6,6,0,,\n", Refusal.DeckBadPrefix)]
    [InlineData("14,A,0.01,0,6,0,,\n", Refusal.DeckBadIncrement)]
    [InlineData("14,A,0.01,6,-6,0,,\n", Refusal.DeckBadIncrement)]
    [InlineData("14,A,0.01,6,3601,0,,\n", Refusal.DeckBadIncrement)]
    [InlineData("14,A,0.01,6.5,6,0,,\n", Refusal.DeckBadIncrement)]
    [InlineData("14,A,0.01,6,6,0,7/1/2026,\n", Refusal.DeckBadDate)]
    [InlineData("14,A,0.01,6,6,0,2026-02-30,\n", Refusal.DeckBadDate)]
    [InlineData("14,A,0.01,6,6,0,2026-07-01,2026-07-01\n", Refusal.DeckBadDate)]
    [InlineData("14,A\u0007,0.01,6,6,0,,\n", Refusal.BadText)]
    [InlineData("14,A\0,0.01,6,6,0,,\n", Refusal.BadText)]
    [InlineData("14,A,0.01\n", Refusal.FileUnreadable)]
    [InlineData("14,A,0.01,6,6,0,,,surplus\n", Refusal.FileUnreadable)]
    [InlineData("14,A \"quoted\",0.01,6,6,0,,\n", Refusal.FileUnreadable)]
    [InlineData("14,\"A,0.01,6,6,0,,\n", Refusal.FileUnreadable)]
    [InlineData("1416,A,0.01,6,6,0,,\n", Refusal.DeckOverlap)]
    public void A_bad_line_is_named_and_nothing_of_the_file_is_taken(string line, Refusal refusal)
    {
        var good = string.Concat(Enumerable.Range(200, 70).Select(n => $"{n},Good,0.01,6,6,0,,\n"));
        var reading = Read(Header + "1416,Toronto,0.01,6,6,0,,\n" + good + line);
        Assert.False(reading.Accepted);
        Assert.Empty(reading.Rates);
        var bad = Assert.Single(reading.Bad.Kept);
        Assert.Equal((73L, refusal), (bad.Line, bad.Refusal));
        Assert.NotEmpty(bad.Detail);
    }

    [Theory]
    [InlineData("", Refusal.DeckEmpty)]
    [InlineData(Header, Refusal.DeckEmpty)]
    [InlineData("destination,rate\nUK,0.02\n", Refusal.DeckColumnMissing)]
    [InlineData("prefix,destination\n44,UK\n", Refusal.DeckColumnMissing)]
    [InlineData("prefix,code,rate\n44,44,0.02\n", Refusal.DeckColumnTwice)]
    [InlineData("prefix,rate,Rate\n44,0.02,0.03\n", Refusal.DeckColumnTwice)]
    public void A_header_that_does_not_do_is_refused_by_name(string file, Refusal refusal) =>
        Assert.Equal(refusal, Read(file).Refused!.Refusal);

    [Fact]
    public void Another_encoding_is_refused_by_name()
    {
        var text = Header + "52,México,0.01,60,60,0,,\n";
        Assert.True(Read(text).Accepted);
        foreach (var encoding in new[] { Encoding.Latin1, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            var bytes = encoding.GetPreamble().Concat(encoding.GetBytes(text)).ToArray();
            Assert.Equal(Refusal.FileNotUtf8, Read(bytes).Refused!.Refusal);
            Assert.Equal(Refusal.FileNotUtf8, Read(encoding.GetBytes(text)).Refused!.Refusal);
        }
        Assert.Equal(2, Read(Encoding.Latin1.GetBytes(text)).Bad.Kept[0].Line);
    }

    [Fact]
    public void RATE_04_the_same_prefix_may_start_again_later_but_not_at_the_same_time()
    {
        Assert.True(Read(Header + "44,UK,0.02,6,6,0,,\n44,UK,0.03,6,6,0,2026-03-08,\n").Accepted);
        var twice = Read(Header + "44,UK,0.02,6,6,0,2026-03-08,\n44,UK,0.03,6,6,0,2026-03-08T00:00:00Z,\n");
        Assert.Equal(Refusal.DeckOverlap, twice.Refused!.Refusal);
    }

    [Fact]
    public void What_the_import_declares_is_taken()
    {
        var options = new DeckCsvOptions
        {
            ZeroRates = true,
            MonthFirstDates = true,
            FirstSeconds = 6,
            NextSeconds = 1,
            Zone = DateTimeZoneProviders.Tzdb["America/Toronto"],
        };
        var rate = Assert.Single(Read("code,rate,effective_date\n1800,0,7/1/2026\n", options).Rates);
        Assert.Equal((0L, 6, 1), (rate.PerMinute.E8, rate.FirstSeconds, rate.NextSeconds));
        Assert.Equal(Instant.FromUtc(2026, 7, 1, 4, 0), rate.From);
    }

    [Fact]
    public void A_blocked_row_needs_no_rate()
    {
        var rate = Only("code,rate,blocked\n1900,,yes\n");
        Assert.True(rate.Blocked);
        Assert.Equal(Refusal.BadText, Read("code,rate,blocked\n1900,0.01,perhaps\n").Refused!.Refusal);
    }

    [Fact]
    public void Bad_lines_are_listed_up_to_a_thousand_and_then_counted()
    {
        var reading = Read(Header + string.Concat(Enumerable.Repeat("x,A,0.01,6,6,0,,\n", 2_500)));
        Assert.Equal((1_000, 1_500L), (reading.Bad.Kept.Count, reading.Bad.More));
    }

    [Fact]
    public void A_line_in_quotes_may_hold_line_ends_and_the_lines_after_it_keep_their_numbers()
    {
        var reading = Read("code,destination,rate,comment\n44,UK,0.02,\"two\nlines\"\nx,UK,0.02,\n");
        Assert.Equal(4, Assert.Single(reading.Bad.Kept).Line);
    }

    [Fact]
    public void Two_gigabytes_are_refused_without_being_read_into_memory()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path)) file.SetLength(2_200_000_000);
            Assert.Equal(Refusal.FileTooLarge, DeckFile.Read(path, new DeckCsvOptions()).Value.Refused!.Refusal);
        }
        finally
        {
            File.Delete(path);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        var endless = DeckFile.Read(new Endless("44,UK\n"u8.ToArray()), new DeckCsvOptions());
        Assert.Equal(Refusal.DeckColumnMissing, endless.Refused!.Refusal);
        var oneLine = DeckFile.Read(new Endless("4"u8.ToArray()), new DeckCsvOptions());
        Assert.Equal(Refusal.FileUnreadable, oneLine.Refused!.Refusal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_file_of_more_rates_than_allowed_is_refused() =>
        Assert.Equal(
            Refusal.FileTooLarge,
            Read("code,rate\n1000-1999,0.01\n", new DeckCsvOptions { MaxRates = 999 }).Refused!.Refusal);

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_its_path()
    {
        var refused = DeckFile.Read("/no/such/deck.csv", new DeckCsvOptions()).Refused!;
        Assert.Equal((Refusal.FileUnreadable, "/no/such/deck.csv"), (refused.Refusal, refused.Detail));
    }

    [Fact]
    public void Progress_is_told_in_bytes()
    {
        var told = new List<long>();
        DeckFile.Read(Repository.Sample("deck-usd.csv"), new DeckCsvOptions(), told.Add);
        Assert.Equal(new FileInfo(Repository.Sample("deck-usd.csv")).Length, told[^1]);
        Assert.Equal(told.Order(), told);
    }

    [Fact]
    public void A_numbering_table_is_read_and_derives_the_country_of_a_province()
    {
        var (entries, bad) = NumberingFile.Read(Stream("npanxx,state\n212555,ny\n1416555,ON\n1787,PR\n"));
        Assert.False(bad.Any);
        Assert.Equal([new("1212555", "NY", "US"), new("1416555", "ON", "CA"), new("1787", "PR", "US")], entries);
        var refused =
            NumberingFile.Read(Stream("prefix,state,country\n1212555,NY,US\n4420,XX,GB\n1212556,New York,US\n"));
        Assert.Empty(refused.Entries);
        Assert.Equal(
            [(3L, Refusal.DeckBadPrefix), (4L, Refusal.BadText)], refused.Bad.Kept.Select(b => (b.Line, b.Refusal)));
    }

    static Rate Only(string file)
    {
        var reading = Read(file);
        Assert.True(reading.Accepted, reading.Refused?.Detail);
        return Assert.Single(reading.Rates);
    }

    static DeckReading Read(string file, DeckCsvOptions? options = null) =>
        DeckFile.Read(Stream(file), options ?? new());

    static DeckReading Read(byte[] file) => DeckFile.Read(new MemoryStream(file), new DeckCsvOptions());

    static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>The same bytes again and again, for ever.</summary>
    sealed class Endless(byte[] piece) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++) buffer[offset + i] = piece[i % piece.Length];
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
