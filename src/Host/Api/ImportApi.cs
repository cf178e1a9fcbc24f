using System.Buffers;
using System.Data.Common;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;

namespace Tollkeeper.Host.Api;

/// <summary>
/// Finished calls, one a line, as JSON or CSV with a header: as many as there are, read as they come. One bad line
/// never stops the rest; its number and refusal are in the answer.
/// </summary>
sealed class ImportApi(Installation installation)
{
    const int MaxLineBytes = 16 * 1024;

    /// <summary>A file of nothing but bad lines may not fill the memory; the rest of them are counted.</summary>
    const int MostRefusedListed = 10_000;

    /// <summary>Lines being decided at once: enough to fill a commit twice over.</summary>
    const int Window = 1024;

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/calls/import", (Delegate)Import)
            .Accepts<ImportLine>("application/x-ndjson", "text/csv", "*/*").Produces<ImportedBody>()
            .WithName("importCalls").WithSummary("Finished calls that nobody was asked about.")
            .Needs(KeyScopes.Import);

    async Task Import(HttpContext http)
    {
        var key = await Door.Key(http, installation);
        if ((key.Refused ?? installation.Unable) is { } notAllowed)
        {
            await Door.Refuse(http, notAllowed);
            return;
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var csv = http.Request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) ?? false;
        var tally = new ImportTally();
        var lines = new ImportLines(csv, key.Value);
        var waiting = new Queue<(long Line, Task<Result<ImportOutcome>> Answer)>();
        var number = 0L;
        await foreach (var line in Lines(http.Request.BodyReader, http.RequestAborted))
        {
            number++;
            if (lines.Read(line) is not { } read) continue;
            if (read.Refused is { } unreadable) tally.Refuse(number, unreadable);
            else waiting.Enqueue((number, Decide(read.Value)));
            while (waiting.Count >= Window) await Settle(waiting, tally);
        }
        while (waiting.Count > 0) await Settle(waiting, tally);
        await Door.Answer(http, tally.Body, ApiJson.Default.ImportedBody);
    }

    static async Task Settle(Queue<(long Line, Task<Result<ImportOutcome>> Answer)> waiting, ImportTally tally)
    {
        var (line, answer) = waiting.Dequeue();
        tally.Add(line, await answer);
    }

    /// <summary>Busy is not this line's fault: it waits its turn, as long as that takes.</summary>
    async Task<Result<ImportOutcome>> Decide(FinishedCall finished)
    {
        while (true)
        {
            try
            {
                var answer = await installation.Import.Import(finished);
                if (answer.Refused?.Refusal != Refusal.Busy) return answer;
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
            {
                // The lines before it are answered for all the same; this one may be sent again.
                return Refusal.DatabaseAway;
            }
        }
    }

    /// <summary>The body's lines without their ends; a line that is too long comes as null.</summary>
    static async IAsyncEnumerable<byte[]?> Lines(
        PipeReader reader, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var tooLong = false;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return tooLong || rest.Slice(0, end).Length > MaxLineBytes ? null : rest.Slice(0, end).ToArray();
                tooLong = false;
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            if (read.IsCompleted)
            {
                if (tooLong || rest.Length > MaxLineBytes) yield return null;
                else if (rest.Length > 0) yield return rest.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                yield break;
            }
            if (rest.Length > MaxLineBytes)
            {
                tooLong = true;
                rest = rest.Slice(rest.End);
            }
            reader.AdvanceTo(rest.Start, read.Buffer.End);
        }
    }

    sealed class ImportTally
    {
        readonly List<RefusedLine> refused = [];
        long accepted;
        long repeated;
        long more;

        public ImportedBody Body => new(accepted, repeated, refused, more > 0 ? more : null);

        public void Add(long line, Result<ImportOutcome> answer)
        {
            if (answer.Refused is { } no) Refuse(line, no);
            else if (answer.Value == ImportOutcome.Accepted) accepted++;
            else repeated++;
        }

        public void Refuse(long line, Refused no)
        {
            if (refused.Count < MostRefusedListed) refused.Add(new RefusedLine(line, Refusals.Of(no.Refusal).Name));
            else more++;
        }
    }
}
