using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;
using Tollkeeper.Tests.Engine;
using Xunit;

namespace Tollkeeper.Tests.Scenarios;

/// <summary>Staff look at a customer's portal, and change nothing there.</summary>
public sealed class ActingStoryTests
{
    [BothDatabases]
    public async Task Staff_see_what_the_customer_sees_change_nothing_and_are_on_record(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/acting");
        Assert.Equal("field_empty", (await staff.Submit(form, "acting", ("Reason", " "))).Refusal);
        Assert.Equal("bad_text", (await staff.Submit(form, "acting", ("Reason", "a\u0001"))).Refusal);
        Assert.Equal("bad_text", (await staff.Submit(form, "acting", ("Reason", new string('x', 201)))).Refusal);
        var balance = await staff.FollowAll(await staff.Submit(form, "acting", ("Reason", "ticket <b>7</b> 📞")));
        Assert.Equal("/finances/account-balance", balance.Path);
        Assert.Contains("You are looking at the portal of", balance.Text, StringComparison.Ordinal);
        foreach (var path in new[] { "/calls", "/account/contact", "/account/contact/edit", "/account/notifications" })
        {
            var page = await staff.Open(path);
            Assert.Equal((path, 200), (path, page.Status));
            Assert.NotNull(page.Document.QuerySelector(".acting form"));
        }
        foreach (var path in new[] { "/office/customers", "/account/security", "/account/security/two-step" })
            Assert.Equal((path, "acting_as_customer"), (path, (await staff.Open(path)).Refusal));

        var alert = await staff.Open("/account/notifications");
        Assert.Equal("acting_as_customer", (await staff.Submit(alert, "alert", ("Amount", "7"))).Refusal);
        var edit = await staff.Open("/account/contact/edit");
        Assert.Equal((403, "acting_as_customer"), Seen(await staff.Submit(edit, "profile", ("ContactName", "Eve"))));

        var end = await staff.FollowAll(await staff.Submit(alert, "/office/acting/end"));
        Assert.Equal($"/office/customers/{customer.Id}", end.Path);
        Assert.Null(end.Document.QuerySelector(".acting"));
        var records = (await served.Records(shop.Provider))
            .Where(one => one.Act.StartsWith("acting", StringComparison.Ordinal)).Reverse().ToList();
        Assert.Equal(("acting_started", customer.Id, "ticket <b>7</b> 📞"),
            (records[0].Act, records[0].Subject, records[0].Details));
        Assert.Single(records, one => one.Act == "acting_ended" && one.Subject == customer.Id);
        Assert.Contains(records, one => one is { Act: "acting_page", Subject: "/account/contact" });
        var no = await served.AccountNo(customer.Id);
        Assert.All(records, one => Assert.Equal((no, one.UserNo), (one.AccountNo, records[0].UserNo)));
    }

    [BothDatabases]
    public async Task It_ends_by_itself_after_half_an_hour_and_with_the_session(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/acting");
        Assert.Equal(303, (await staff.Submit(form, "acting", ("Reason", "ticket 7"))).Status);
        await served.Move(Acting.Longest - Duration.FromSeconds(1));
        Assert.Equal(200, (await staff.Open("/calls")).Status);
        await served.Move(Duration.FromSeconds(2));
        Assert.Equal(404, (await staff.Open("/calls")).Status);
        Assert.Equal(200, (await staff.Open("/office/customers")).Status);
        var sessions = served.Installation.Rules.Sessions;
        var end = new EndActing(served.Installation.Database, served.Clock, sessions);
        await end.RunOverdue();
        await end.RunOverdue();
        Assert.Single(await served.Records(shop.Provider), one => one.Act == "acting_ended");

        Assert.Equal(303, (await staff.Submit(form, "acting", ("Reason", "ticket 8"))).Status);
        var left = await staff.Submit(await staff.Open("/calls"), "/sign-out");
        Assert.Equal(303, left.Status);
        var records = await served.Records(shop.Provider);
        Assert.Equal(2, records.Count(one => one.Act == "acting_ended"));
        Assert.Null(records.First(one => one.Act == "signed_out").AccountNo);
        using var again = await served.SignedIn(shop.Provider, "staff@example.com");
        Assert.Equal(404, (await again.Open("/calls")).Status);
        Assert.Equal(200, (await again.Open("/office/customers")).Status);
    }

    [BothDatabases]
    public async Task Two_presses_of_the_button_are_one_and_no_header_keeps_a_page_off_the_record(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/acting");
        for (var press = 0; press < 2; press++)
        {
            var sent = await staff.Submit(form, "acting", ("Reason", "ticket 7"));
            Assert.Equal((303, "/finances/account-balance"), (sent.Status, sent.Location));
        }
        staff.Headers["X-Unseen"] = "1";
        for (var times = 0; times < 3; times++) Assert.Equal(200, (await staff.Open("/calls")).Status);
        staff.Headers.Clear();
        Assert.Equal(200, (await staff.Open("/calls")).Status);
        Assert.Equal(200, (await staff.Open("/calls.csv")).Status);
        var records = await served.Records(shop.Provider);
        Assert.Single(records, one => one.Act == "acting_started");
        Assert.Equal(2, records.Count(one => one is { Act: "acting_page", Subject: "/calls" }));
        Assert.Single(records, one => one is { Act: "acting_page", Subject: "/calls.csv" });
    }

    [BothDatabases]
    public async Task The_stream_of_an_open_page_ends_with_the_half_hour_and_is_on_record_once(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (shop, customer, staff) = await Stage(served);
        var form = await staff.Open($"/office/customers/{customer.Id}/acting");
        Assert.Equal(303, (await staff.Submit(form, "acting", ("Reason", "ticket 7"))).Status);
        await served.Move(Acting.Longest - Duration.FromSeconds(1));
        using var former = await staff.Listen("/live");
        using var stream = await staff.Listen("/live");
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Single(await served.Records(shop.Provider), one => one.Subject == "/live");
    }

    [Fact]
    public async Task A_file_that_is_broken_off_is_on_record_with_when_it_was_asked_for()
    {
        await using var served = await Served.Start(DatabaseKind.Sqlite);
        var (shop, customer) = (await served.Shop(), await (await served.Shop("retail-cad")).Customer());
        await using var scope = served.Services.CreateAsyncScope();
        var response = new BrokenOff();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Features.Set<IHttpResponseFeature>(response);
        (http.Request.Method, http.Request.Path) = ("GET", "/calls.csv");
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new AuthorizeAttribute()), ""));
        var visit = Visit.Of(http);
        var acting = new Acting(await served.AccountNo(customer.Id), customer.Id, served.Clock.Now + Acting.Longest);
        visit.At = served.Clock.Now;
        visit.Person = new Person(
            "session", 7, "usr_x", shop.Provider.No, null, null, Role.Support, "", "sam@example.com", null, null)
            .As(acting);
        await Assert.ThrowsAsync<IOException>(() => Permission.RefuseActing(http, async _ =>
        {
            await response.Start();
            served.Clock.Move(Duration.FromMinutes(5));
            throw new IOException("The browser is gone.");
        }));
        var record = Assert.Single(await served.Records(shop.Provider), one => one.Act == "acting_page");
        Assert.Equal(("/calls.csv", visit.At), (record.Subject, record.At));
    }

    /// <summary>An answer of which a part is on its way.</summary>
    sealed class BrokenOff : HttpResponseFeature
    {
        readonly List<Func<Task>> starting = [];

        public override void OnStarting(Func<object, Task> callback, object state) =>
            starting.Add(() => callback(state));

        public async Task Start()
        {
            foreach (var one in starting) await one();
        }
    }

    [BothDatabases]
    public async Task Nobody_looks_at_the_portal_of_another_provider_s_customer(DatabaseKind kind)
    {
        await using var served = await Served.Start(kind);
        var (_, customer, staff) = await Stage(served);
        var other = await (await served.Shop("retail-cad")).Customer("10");
        var form = await staff.Open($"/office/customers/{customer.Id}/acting");
        Assert.Equal(404, (await staff.Open($"/office/customers/{other.Id}/acting")).Status);
        using var sent = new FormUrlEncodedContent(
            [new("_handler", "acting"), new("Reason", "x"), new("form_token", form.Field("form_token") ?? "")]);
        Assert.Equal(404, (await staff.Send(HttpMethod.Post, $"/office/customers/{other.Id}/acting", sent)).Status);
        Assert.Equal(404, (await staff.Open("/calls")).Status);
    }

    static (int Status, string? Refusal) Seen(Page page) => (page.Status, page.Refusal);

    static async Task<(Shop Shop, Customer Customer, Visitor Staff)> Stage(Served served)
    {
        var shop = await served.Shop();
        var customer = await shop.Customer("10");
        await served.User(shop.Provider, "staff@example.com", Served.Password);
        return (shop, customer, await served.SignedIn(shop.Provider, "staff@example.com"));
    }
}
