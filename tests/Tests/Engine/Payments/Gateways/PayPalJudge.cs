using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tollkeeper.Tests.Golden;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Engine.Payments.Gateways;

/// <summary>
/// PayPal's own descriptions of its API, with Prism to apply them: each request, and each answer that is no error, is
/// sent through it once more, and what it finds is told.
/// </summary>
public sealed class PayPalJudge : IAsyncLifetime, IAsyncDisposable
{
    const string AnswerName = "X-Answer";

    readonly string folder = Directory.CreateTempSubdirectory("judge").FullName;
    readonly int port = FreePort.Tcp();
    readonly ConcurrentDictionary<string, Answer> answers = [];
    readonly HttpClient http = new();
    readonly WebApplication upstream;
    ChildProgram? prism;

    public PayPalJudge()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        upstream = builder.Build();
        upstream.Run(async context =>
        {
            var answer = answers[$"{context.Request.Headers[AnswerName]}"];
            context.Response.StatusCode = answer.Status;
            if (answer.Text.Length == 0) return;
            context.Response.ContentType = answer.Type;
            await context.Response.WriteAsync(answer.Text);
        });
    }

    public async Task InitializeAsync()
    {
        await upstream.StartAsync();
        var descriptions = Path.Combine(Repository.Root, "tests/Tests/PayPal");
        prism = ChildProgram.Start(
            "node", Path.Combine(folder, "prism.log"),
            [
                Path.Combine(descriptions, "prism.cjs"), $"{port}", upstream.Urls.Single(),
                .. Directory.GetFiles(descriptions, "paypal-*.json"),
            ]);
        await Wait.Until(
            () => Task.FromResult(File.Exists(Path.Combine(folder, "prism.log"))
                && new FileInfo(Path.Combine(folder, "prism.log")).Length > 0),
            TimeSpan.FromSeconds(30), () => "Prism listens");
    }

    /// <summary>What differs; nothing of paths that none of the descriptions is about.</summary>
    public async Task<IReadOnlyList<string>> Compare(PayPalExchange exchange)
    {
        var (asked, answer) = (exchange.Asked, exchange.Answer);
        if (exchange.Path is not ['/', 'v', '2' or '3', ..]) return [];
        // What the double itself found malformed was meant to be.
        if (answer.Text.Contains("INVALID_PARAMETER_SYNTAX", StringComparison.Ordinal)) return [];
        var id = $"{Guid.NewGuid()}";
        answers[id] = answer;
        using var again = new HttpRequestMessage(
            new HttpMethod(exchange.Method), $"http://127.0.0.1:{port}{exchange.Path}");
        again.Headers.Add(AnswerName, id);
        foreach (var (name, value) in exchange.Headers) again.Headers.TryAddWithoutValidation(name, value);
        if (asked.Length > 0) again.Content = new StringContent(asked, Encoding.UTF8, "application/json");
        using var judged = await http.SendAsync(again);
        answers.TryRemove(id, out _);
        var about = $"{exchange.Method} {exchange.Path} {asked} -> {answer.Status} {answer.Text}";
        if ((int)judged.StatusCode != answer.Status)
            return [$"{about}: {judged.StatusCode} {await judged.Content.ReadAsStringAsync()}"];
        return judged.Headers.TryGetValues("sl-violations", out var found)
            ? [.. found.Where(text => answer.Status < 300 || text.Contains("\"request\"", StringComparison.Ordinal))
                .Select(text => $"{about}: {text}")]
            : [];
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await upstream.DisposeAsync();
        if (prism is not null) await prism.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());
}

/// <summary>A request, with what the double answered to it.</summary>
public sealed record PayPalExchange(
    string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Asked, Answer Answer);

/// <summary>The same, with every request and answer compared with what PayPal says they look like.</summary>
[Trait("Category", "needs-prism")]
public sealed class PayPalByItsDescriptionsTests(PayPalJudge judge) : GatewayContract, IClassFixture<PayPalJudge>
{
    protected override Task<GatewayStage> Open() => Task.FromResult<GatewayStage>(new PayPalStage(judge));
}
