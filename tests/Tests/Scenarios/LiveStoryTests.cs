using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using NodaTime;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Tests.Engine;
using Xunit;
using Xunit.Abstractions;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>R52: a signed-in browser's stream of what moves, over HTTP.</summary>
public sealed class LiveStoryTests(ITestOutputHelper output)
{
    const string Password = "several words of a test";

    [BothDatabases]
    public async Task R52_C17_A_call_that_ends_is_on_the_open_page_within_a_second(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        using var ana = await SignedIn(served, shop, customer, "fr");
        using var stream = await LiveStream.Open(ana);
        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", stream.Answer.Headers.CacheControl!.ToString());
        var first = await stream.Next();
        Assert.Equal(customer.Id, (string?)first["for"]);
        Assert.Equal("10,0000 $ US", Figure(first, "balance"));
        Assert.Equal("0,000000 $ US", Figure(first, "today"));
        Assert.Null(first["reload"]);

        Assert.Equal(200, (await shop.Authorize("c1", customer.Id)).Status);
        var during = await stream.Next();
        Assert.NotEqual("0,0000 $ US", Figure(during, "held"));
        Assert.Equal(["held-calls", "last-calls"], during["reload"]!.AsArray().Select(id => (string?)id));
        await served.Move(Duration.FromSeconds(61));
        Assert.Equal(200, (await shop.End("c1", 61)).Status);
        var ended = Stopwatch.GetTimestamp();
        var after = await stream.Next();
        output.WriteLine($"{kind}: on the page after {Stopwatch.GetElapsedTime(ended).TotalMilliseconds:0} ms");
        Assert.InRange(Stopwatch.GetElapsedTime(ended), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(
            ("9,9000 $ US", "9,9000 $ US", "0,0000 $ US", "0,100000 $ US"),
            (Figure(after, "available"), Figure(after, "balance"), Figure(after, "held"), Figure(after, "today")));

        var page = await ana.Open("/finances/account-balance");
        Assert.Contains("9,9000 $ US", page.Text, StringComparison.Ordinal);
        Assert.Equal("/live", page.Document.QuerySelector("script[data-live-url]")!.GetAttribute("data-live-url"));
    }

    [BothDatabases]
    public async Task Sign_out_ends_the_stream_and_so_does_the_servers_end(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("10.00");
        using var ana = await SignedIn(served, shop, customer);
        using var stays = await SignedIn(served, shop, await shop.Customer("5.00"), email: "ben@example.com");
        using var ending = await LiveStream.Open(ana);
        using var staying = await LiveStream.Open(stays);
        await ending.Next();
        await staying.Next();
        var page = await ana.Open("/finances/account-balance");
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(303, (await ana.Submit(page, "/sign-out")).Status);
        await ending.Ended();
        output.WriteLine($"{kind}: sign-out ended it in {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms");

        begun = Stopwatch.GetTimestamp();
        await served.StopServing();
        await staying.Ended();
        var took = Stopwatch.GetElapsedTime(begun);
        output.WriteLine($"{kind}: stopping took {took.TotalMilliseconds:0} ms");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Only_a_customer_has_a_stream_and_at_most_six_of_one_session()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var shop = await served.Shop();
        using var nobody = served.At(shop.Provider);
        var asked = await nobody.Open("/live");
        Assert.Equal((302, "/sign-in?returnUrl=%2Flive"), (asked.Status, asked.Location));
        using var staff = await SignedIn(served, shop, null, email: "staff@example.com");
        Assert.Equal(404, (await staff.Open("/live")).Status);

        using var ana = await SignedIn(served, shop, await shop.Customer("10.00"));
        var streams = new List<LiveStream>();
        for (var i = 0; i < 6; i++) streams.Add(await LiveStream.Open(ana));
        foreach (var stream in streams) await stream.Next();
        Assert.Equal(503, (await ana.Open("/live")).Status);
        // One that the browser has left is free again.
        streams[0].Dispose();
        var begun = Stopwatch.GetTimestamp();
        LiveStream? seventh = null;
        while (seventh is null && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10))
        {
            seventh = await LiveStream.TryOpen(ana);
            await Task.Delay(20);
        }
        Assert.NotNull(seventh);
        await seventh.Next();
        foreach (var stream in streams.Append(seventh)) stream.Dispose();
    }

    static string? Figure(JsonNode message, string key) =>
        ((string?)message["figures"]?[key])?.Replace('\u00a0', ' ');

    static async Task<Visitor> SignedIn(
        Served served, Shop shop, Customer? customer, string language = "en", string email = "ana@example.com")
    {
        var accountNo = customer is null
            ? (long?)null
            : (await new AccountDirectory(served.Installation.Database).Find(shop.Provider.No, customer.Id)).Value;
        await served.User(shop.Provider, email, Password, accountNo);
        var visitor = served.At(shop.Provider, language);
        Assert.Equal(200, (await visitor.SignIn(email, Password)).Status);
        return visitor;
    }

    /// <summary>One open stream as a browser reads it.</summary>
    sealed class LiveStream : IDisposable
    {
        readonly StreamReader reader;

        LiveStream(HttpResponseMessage answer, Stream body) => (Answer, reader) = (answer, new StreamReader(body));

        public HttpResponseMessage Answer { get; }

        public static async Task<LiveStream> Open(Visitor visitor)
        {
            var stream = await TryOpen(visitor);
            Assert.NotNull(stream);
            return stream;
        }

        public static async Task<LiveStream?> TryOpen(Visitor visitor)
        {
            var answer = await visitor.Listen("/live?calls=0.0");
            if (answer.StatusCode == HttpStatusCode.OK)
                return new LiveStream(answer, await answer.Content.ReadAsStreamAsync());
            answer.Dispose();
            return null;
        }

        /// <summary>The next message that is more than a sign of life.</summary>
        public async Task<JsonNode> Next()
        {
            while (await Line() is { } line)
            {
                if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                var message = JsonNode.Parse(line["data: ".Length..])!;
                if (message["figures"] is not null) return message;
            }
            throw new EndOfStreamException("The stream ended.");
        }

        public async Task Ended()
        {
            while (await Line() is not null)
            {
                // What was on its way.
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            Answer.Dispose();
        }

        Task<string?> Line() => reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
