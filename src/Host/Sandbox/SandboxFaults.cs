using Microsoft.AspNetCore.Http;

namespace Tollkeeper.Host.Sandbox;

/// <summary>What can befall a request to the sandbox's API.</summary>
public enum SandboxFault
{
    TooMany,
    ServerError,
    Html,

    /// <summary>No answer until the caller gives up.</summary>
    Silence,
    CutBefore,

    /// <summary>The work is done, and its answer is lost.</summary>
    CutAfter,
}

/// <summary>Bad weather on the way to the sandbox's API, where somebody asks for it in code.</summary>
public sealed class SandboxFaults(TimeProvider time)
{
    readonly Lock gate = new();
    SandboxFault fault;
    int left;
    long second;
    int within;

    /// <summary>Answers 429 to what is more than this in a second; null: nothing is too much.</summary>
    public int? PerSecond { get; set; }

    /// <summary>The next requests meet a fault; 0 ends it.</summary>
    public void Next(SandboxFault kind, int times)
    {
        lock (gate) (fault, left) = (kind, times);
    }

    internal async Task Befall(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) || Take() is not { } kind)
        {
            await next(http);
            return;
        }
        switch (kind)
        {
            case SandboxFault.TooMany:
                await Answer(http, 429, """{"error":{"type":"invalid_request_error","code":"rate_limit"}}""");
                break;
            case SandboxFault.ServerError:
                await Answer(http, 500, """{"error":{"type":"api_error","message":"An error on our side."}}""");
                break;
            case SandboxFault.Html:
                await Answer(http, 200, "<!DOCTYPE html><title>A page of somebody in between</title>", "text/html");
                break;
            case SandboxFault.Silence:
                await UntilGivenUp(http);
                break;
            case SandboxFault.CutBefore:
                http.Abort();
                break;
            case SandboxFault.CutAfter:
                http.Response.Body = Stream.Null;
                await next(http);
                http.Abort();
                break;
        }
    }

    SandboxFault? Take()
    {
        lock (gate)
        {
            if (left > 0)
            {
                left--;
                return fault;
            }
            if (PerSecond is not { } most) return null;
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            if (now != second) (second, within) = (now, 0);
            return ++within > most ? SandboxFault.TooMany : null;
        }
    }

    static async Task UntilGivenUp(HttpContext http)
    {
        var given = new TaskCompletionSource();
        await using var registered = http.RequestAborted.Register(given.SetResult);
        await given.Task;
    }

    static Task Answer(HttpContext http, int status, string body, string type = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body);
    }
}
