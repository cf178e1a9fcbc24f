using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Engine.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Five hundred good requests with poison among them, all at once: only the poison is refused.</summary>
public sealed class PoisonTests
{
    const int Good = 500;

    [BothDatabases]
    public async Task Poison_among_500_good_requests_is_all_that_is_refused(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var shop = await served.Shop();
        var customer = await shop.Customer("1000.00", channels: 10_000, cps: 10_000);
        await shop.Authorize("warm", customer.Id);
        var asked = new List<Task<(string Sent, Answer Answer)>>();
        var poison = Poison(customer).ToList();
        for (var i = 0; i < Good; i++)
        {
            asked.Add(AuthorizeGood($"good-{i}"));
            if (i % 10 == 0) asked.Add(Send(poison[i / 10 % poison.Count]));
        }
        foreach (var (sent, answer) in await Task.WhenAll(asked))
        {
            if (sent.Length == 0) Assert.Equal((200, ""), (answer.Status, answer.Refusal ?? ""));
            else Assert.True(answer.Status is >= 400 and < 500 && answer.Refusal is not null, $"{sent}: {answer.Text}");
        }
        for (var i = 0; i < Good; i++) Assert.Equal(200, (await shop.End($"good-{i}", 30)).Status);
        var balance = await customer.Balance();
        // Each good call is one minute of 0.05.
        Assert.Equal("975.000000", balance["balance.amount"]);
        await Audited.Clean(served.Installation.Database, "after the poison");

        async Task<(string, Answer)> AuthorizeGood(string call)
        {
            while (true)
            {
                var answer = await shop.Authorize(call, customer.Id);
                // A machine with too much to do says so; who asks repeats.
                if (answer.Refusal != "busy") return ("", answer);
            }
        }

        async Task<(string, Answer)> Send((string Path, string Key, string Body) each)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, each.Path);
            request.Content = new StringContent(each.Body, Encoding.UTF8, "application/json");
            var key = each.Key.Length > 0 ? each.Key : shop.SwitchKey;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            // The server refuses ten megabytes by their announced length and does not take them.
            request.Headers.ExpectContinue = each.Body.Length > 1_000_000;
            using var response = await served.Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var json = text.StartsWith('{') ? JsonNode.Parse(text) : null;
            return ($"{each.Path} {each.Body[..Math.Min(200, each.Body.Length)]}",
                new Answer((int)response.StatusCode, json, text, RetryAfter: false));
        }
    }

    static IEnumerable<(string Path, string Key, string Body)> Poison(Customer customer)
    {
        foreach (var call in new[] { @"nul\u0000", @"half\ud800", @"\udc00half", new string('x', 60_000),
            new string('x', 10_000_000) })
            yield return ("/v1/calls/authorize", "", Authorize(call, "+14165550100", "+12125550100"));
        yield return ("/v1/calls/authorize", "", Authorize("to", @"+1416\u0000", "+12125550100"));
        yield return ("/v1/calls/authorize", "", Authorize("from", "+14165550100", @"\u0000"));
        yield return ("/v1/calls/authorize", "", Authorize("from", "+14165550100", @"\ud800"));
        foreach (var seconds in new[] { "99999999999999999999", "1e99", "-1", "1.5", "\"x\"", "2147483648",
            "9223372036854775807" })
            yield return ("/v1/calls/end", "",
                $$"""
                {"switch":"sw1","call":"warm","endedAt":"2026-03-02T15:00:00Z","seconds":{{seconds}},
                "disposition":"answered"}
                """);
        yield return ("/v1/calls/end", "",
            """{"switch":"sw1","call":"warm","endedAt":"9999-12-31T23:59:59Z","seconds":1,"disposition":"answered"}""");
        yield return ("/v1/calls/renew", "",
            """{"switch":"sw1","call":"warm","elapsedSeconds":-9223372036854775808}""");
        yield return ($"/v1/accounts/{customer.Id}/deposits", customer.OperatorKey,
            """{"key":"eur","amount":{"amount":"1.00","currency":"CAD"}}""");
        yield return ($"/v1/accounts/{customer.Id}/deposits", customer.OperatorKey,
            """{"key":"most","amount":{"amount":"9223372036854.775807","currency":"USD"}}""");
        yield return ($"/v1/accounts/{customer.Id}/deposits", customer.OperatorKey,
            """{"key":"nul\u0000","amount":{"amount":"1.00","currency":"USD"}}""");
        yield return ("/v1/calls/authorize", "", "{");
        yield return ("/v1/calls/authorize", "", "\u0000");

        string Authorize(string call, string to, string from) =>
            $$"""
            {"switch":"sw1","call":"{{call}}","account":"{{customer.Id}}","direction":"outbound",
            "from":"{{from}}","to":"{{to}}"}
            """;
    }
}
