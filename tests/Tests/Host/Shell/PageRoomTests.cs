using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tollkeeper.Host.Shell;
using Tollkeeper.Tests.Engine;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Host.Shell;

public sealed class PageRoomTests
{
    [Fact]
    public async Task So_many_pages_are_made_and_so_many_wait_and_the_next_reader_is_told_to_come_again()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        using var scope = served.Services.CreateScope();
        using var room = new PageRoom(atOnce: 1, waiting: 1);
        var done = new TaskCompletionSource();
        var (first, second) = (Look("/calls"), Look("/office/rates"));
        var third = Look("/calls");
        await third.Page;
        Assert.Equal((503, "5"), (third.Http.Response.StatusCode, third.Http.Response.Headers.RetryAfter.ToString()));
        // Files, streams and programs have limits of their own.
        Assert.False(Look("/live/", new NotAPageAttribute { Lasts = true }).Page.IsCompleted);
        Assert.False(Look("/v1/calls/end").Page.IsCompleted);
        var sent = Look("/language", method: "POST");
        await sent.Page;
        Assert.Equal(503, sent.Http.Response.StatusCode);
        Assert.False(first.Page.IsCompleted || second.Page.IsCompleted);
        done.SetResult();
        await Task.WhenAll(first.Page, second.Page);
        Assert.Equal((200, 200), (first.Http.Response.StatusCode, second.Http.Response.StatusCode));

        (HttpContext Http, Task Page) Look(string path, object? metadata = null, string method = "GET")
        {
            var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            (http.Request.Method, http.Request.Path) = (method, path);
            http.SetEndpoint(new Endpoint(null, new(metadata is null ? [] : [metadata]), path));
            return (http, room.Run(http, _ => done.Task));
        }
    }
}
