using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dapper;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Payments;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Payments;
using Tollkeeper.Providers;
using Tollkeeper.Rating;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Scenarios;
using Xunit;

namespace Tollkeeper.Tests.Host;

/// <summary>Two providers with customers, staff and calls, and everybody who asks at the first one's host.</summary>
public sealed class RouteStage
{
    readonly Dictionary<Asker, string> cookies = [];
    readonly Dictionary<Asker, string> keys = [];
    readonly Dictionary<Owner, Ids> ids = [];
    readonly Provider provider;
    int asked;
    readonly Served served;

    (Person Staff, long AccountNo, string AccountId) acting;

    RouteStage(Served served, Provider provider) => (this.served, this.provider) = (served, provider);

    sealed record Ids(string Account, string Call, string Deck, string Mail, string Approval, string Draft,
        string User, string StaffUser, string Deposit, string Exemption);

    public static async Task<RouteStage> Set(Served served)
    {
        var (shop, other) = (await served.Shop(), await served.Shop("retail-cad"));
        var stage = new RouteStage(served, shop.Provider);
        var (own, neighbour) = (await shop.Customer("10"), await shop.Customer("10"));
        var foreign = await other.Customer("10");
        await stage.Take(Owner.Own, shop, own, "call-1");
        await stage.Take(Owner.SameProvider, shop, neighbour, "call-2");
        await stage.Take(Owner.OtherProvider, other, foreign, "call-3");
        await served.Installation.StartJob.Run(
            new Person("", 0, "", shop.Provider.No, null, null, Role.Owner, "Sam", "sam@example.com", null, null),
            "audit-books", "");
        foreach (var who in Enum.GetValues<Asker>())
        {
            if (RouteTable.RoleOf(who) is { } role && who != Asker.ActingStaff)
                await stage.SignIn(who, shop.Provider, role.IsStaff() ? null : await stage.No(own), role);
        }
        await stage.SignIn(Asker.ForeignCustomer, other.Provider, await stage.No(foreign), null);
        await stage.SignIn(Asker.ForeignStaff, other.Provider, null, null);
        await stage.SignIn(Asker.ActingStaff, shop.Provider, null, Role.Owner);
        stage.acting = (await stage.Staff(Asker.ActingStaff), await stage.No(own), own.Id);
        stage.keys[Asker.SwitchKey] = shop.SwitchKey;
        stage.keys[Asker.AccountKey] = own.OwnKey;
        stage.keys[Asker.OperatorKey] = own.OperatorKey;
        return stage;
    }

    /// <summary>It ends by itself after a while.</summary>
    public async Task ActAgain()
    {
        var started = await new StartActing(
            served.Installation.Database, served.Clock, served.Installation.Rules.Sessions).Run(
            acting.Staff, acting.AccountNo, acting.AccountId, "test", "");
        Assert.True(started.Accepted, $"{started.Refused}");
    }

    /// <summary>The pattern with everybody's ids in it; itself where it has none.</summary>
    public IEnumerable<(Owner Owner, string Path)> Paths(string pattern)
    {
        if (!pattern.Contains('{', StringComparison.Ordinal)) return [(Owner.None, pattern)];
        if (pattern.StartsWith("/{*", StringComparison.Ordinal)) return [(Owner.None, "/no/such/page")];
        if (pattern.StartsWith("/office/jobs", StringComparison.Ordinal)) return [(Owner.None, Job(pattern))];
        if (pattern.StartsWith("/pay", StringComparison.Ordinal)) return [(Owner.None, "/pay/dep_none")];
        if (pattern.StartsWith("/v1/gateways", StringComparison.Ordinal))
            return [(Owner.None, "/v1/gateways/stripe/events")];
        if (pattern == "/office/taxes/{Place}") return [(Owner.None, "/office/taxes/CA-BC")];
        if (pattern.StartsWith("/help", StringComparison.Ordinal)) return [(Owner.None, "/help/sign-in")];
        if (pattern.StartsWith("/assets", StringComparison.Ordinal)) return [(Owner.None, "/assets/none.css")];
        if (pattern.StartsWith("/openapi", StringComparison.Ordinal)) return [(Owner.None, "/openapi/v1.json")];
        return ids.Select(each => (each.Key, Filled(pattern, each.Value)));
    }

    public async Task<int> Ask(string method, string path, Asker who)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method == "*" ? "GET" : method), path);
        request.Headers.Host = $"{provider.Host}:{served.Http.BaseAddress!.Port}";
        if (cookies.TryGetValue(who, out var cookie)) request.Headers.Add("Cookie", cookie);
        if (keys.TryGetValue(who, out var key))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (method is "POST") request.Content = BodyFor(path);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = FromAnAddressOfItsOwn,
        });
        http.BaseAddress = served.Http.BaseAddress;
        // A file is read to its end: an account gets one at a time.
        using var answer = await http.SendAsync(
            request, path.EndsWith(".csv", StringComparison.Ordinal)
                ? HttpCompletionOption.ResponseContentRead
                : HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    /// <summary>So many at one door from one address would be turned away for that.</summary>
    async ValueTask<Stream> FromAnAddressOfItsOwn(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var n = Interlocked.Increment(ref asked);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(n >> 8), (byte)(n & 0xff)]), 0));
        await socket.ConnectAsync(context.DnsEndPoint, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Jobs are everybody's of the staff; their first run is made before the first question.</summary>
    static string Job(string pattern) => pattern
        .Replace("{Name}", "audit-books", StringComparison.Ordinal)
        .Replace("{No:long}", "1", StringComparison.Ordinal);

    static HttpContent BodyFor(string path) => path.StartsWith("/v1", StringComparison.Ordinal)
        ? new StringContent("{}", Encoding.UTF8, "application/json")
        : new FormUrlEncodedContent([]);

    static string Filled(string pattern, Ids ids) => pattern
        .Replace("/staff/{UserId}", "/staff/" + ids.StaffUser, StringComparison.Ordinal)
        .Replace("{UserId}", ids.User, StringComparison.Ordinal)
        .Replace("{DepositId}", ids.Deposit, StringComparison.Ordinal)
        .Replace("{CallId}", ids.Call, StringComparison.Ordinal)
        .Replace("/calls/{Id}", "/calls/" + ids.Call, StringComparison.Ordinal)
        .Replace("/work/{Id}", "/work/" + ids.Approval, StringComparison.Ordinal)
        .Replace("/rates/{Id}", "/rates/" + ids.Deck, StringComparison.Ordinal)
        .Replace("/notifications/{Id}", "/notifications/" + ids.Mail, StringComparison.Ordinal)
        .Replace("/notifications/{id}", "/notifications/" + ids.Mail, StringComparison.Ordinal)
        .Replace("/mail/{Id}", "/mail/" + ids.Mail, StringComparison.Ordinal)
        .Replace("/mail/{id}", "/mail/" + ids.Mail, StringComparison.Ordinal)
        .Replace("/rates/{id}", "/rates/" + ids.Deck, StringComparison.Ordinal)
        .Replace("/tax/{id}", "/tax/" + ids.Exemption, StringComparison.Ordinal)
        .Replace("/exemptions/{id}", "/exemptions/" + ids.Exemption, StringComparison.Ordinal)
        .Replace("{DraftId}", ids.Draft, StringComparison.Ordinal)
        .Replace("{draft}", ids.Draft, StringComparison.Ordinal)
        .Replace("/deposits/{Id}", "/deposits/" + ids.Deposit, StringComparison.Ordinal)
        .Replace("{Id}", ids.Account, StringComparison.Ordinal)
        .Replace("{id}", ids.Account, StringComparison.Ordinal)
        .Replace("{reason}", "none", StringComparison.Ordinal);

    async Task Take(Owner owner, Shop shop, Customer customer, string call)
    {
        Assert.Equal(200, (await shop.Authorize(call, customer.Id)).Status);
        Assert.Equal(200, (await shop.End(call, 62)).Status);
        await using var connection = await served.Installation.Database.Connect();
        var deck = (await DeckStore.Find(connection, null, shop.DeckNo)).Value;
        var wanted = new NewApproval(
            shop.Provider.No, await No(customer), ApprovalKind.CreditLimit, "a limit",
            new CreditProposal(1, 30, null, null).ToJson());
        var approval = await new Propose(served.Installation.Database, served.Clock).Run(wanted, Actor.Named("test"));
        if (owner != Owner.Own)
            await served.User(shop.Provider, $"{owner}-admin@example.com", null, await No(customer));
        var user = await served.User(
            shop.Provider, $"{owner}@example.com", Served.Password, await No(customer), role: Role.Technical);
        var staff = await served.User(
            shop.Provider, $"{owner}-staff@example.com", Served.Password, role: Role.Support);
        ids[owner] = new Ids(
            customer.Id, await CallIdOf(shop, customer), deck.Id.Text, await MailOf(shop, customer), approval,
            await Draft(shop.Provider, deck), user.Id, staff.Id, await DepositOf(shop, customer),
            await Exemption(shop, customer));
    }

    /// <summary>The document of one that is to be paid.</summary>
    async Task<string> DepositOf(Shop shop, Customer customer)
    {
        var deposit = new Deposit(
            0, Database.NewId(PublicId.Deposit).Text, shop.Provider.No, await No(customer), "main",
            DepositState.Outstanding, new Money(20_000_000, shop.Provider.Currency),
            new TaxPlace("US", "NY", false), new LocalDate(2026, 3, 2), [], served.Clock.Now, null);
        await served.Installation.Database.InTransaction(
            (connection, transaction) => DepositStore.Insert(connection, transaction, deposit, "test"));
        return deposit.Id;
    }

    /// <summary>A certificate that waits to be looked at.</summary>
    async Task<string> Exemption(Shop shop, Customer customer)
    {
        var (database, no) = (served.Installation.Database, await No(customer));
        var profile = Profile.Empty with { Service = new("1 Street", "", "Victoria", "BC", "V8V 1A1", "CA") };
        await database.InTransaction((connection, transaction) =>
            ProfileStore.Save(connection, transaction, no, profile));
        var sent = await new DeclareResale(database, served.Installation.Rules.Providers, served.Clock).Run(
            shop.Provider.No, no,
            new ResaleClaim(null, new CertificateFile("a.pdf", "application/pdf", [1]), true, "I resell."),
            Actor.Named("test"));
        return sent.Value.Id;
    }

    /// <summary>A mail to the account's people with a file.</summary>
    async Task<string> MailOf(Shop shop, Customer customer)
    {
        var no = await No(customer);
        await served.Installation.Database.InTransaction<bool>(async (connection, transaction) =>
        {
            var file = await NoticeStore.InsertFile(
                connection, transaction, shop.Provider.No, "rates.csv", "text/csv", [1], served.Clock.Now);
            var data = new RatesChangeNotice("standard", "USD", 0, [], 0, 1);
            await NoticeStore.Insert(
                connection, transaction, Notice.ToAccount(shop.Provider.No, no, data, file), served.Clock.Now);
            return true;
        });
        return (await served.MailsOf(no, 1, Tollkeeper.Notifications.MailState.Sent))[0].Id;
    }

    /// <summary>The one new version of a deck that is on its way.</summary>
    async Task<string> Draft(Provider at, Deck deck)
    {
        await served.Installation.UploadDeck.Run(
            new Person("", 0, "", at.No, null, null, Role.Owner, "Sam", "sam@example.com", null, null), deck,
            "deck.csv", "prefix,rate\n1,0.01\n"u8.ToArray(), new DraftOptions(null, false, false, 60, 60), "");
        await using var connection = await served.Installation.Database.Connect();
        return (await DeckDraftStore.OfDeck(connection, deck.No, 1))[0].Id.Text;
    }

    /// <summary>As the list of calls links to it.</summary>
    async Task<string> CallIdOf(Shop shop, Customer customer)
    {
        var no = await No(customer);
        var user = await served.User(
            shop.Provider, $"calls{no}@example.com", Served.Password, no, role: Role.Billing);
        using var visitor = await served.SignedIn(shop.Provider, user.Email.Text);
        var link = (await visitor.Open("/calls")).Document.QuerySelector("a[href^='/calls/call_']");
        Assert.NotNull(link);
        return link.GetAttribute("href")!["/calls/".Length..];
    }

    async Task SignIn(Asker who, Provider at, long? accountNo, Role? role)
    {
        var email = $"{who}@example.com";
        await served.User(at, email, Served.Password, accountNo, role: role);
        using var visitor = await served.SignedIn(at, email);
        cookies[who] = "tollkeeper=" + visitor.Cookies["tollkeeper"];
    }

    async Task<Person> Staff(Asker who)
    {
        var user = await served.UserNamed(provider, $"{who}@example.com".ToLowerInvariant());
        await using var connection = await served.Installation.Database.Connect();
        var session = await connection.ExecuteScalarAsync<string>(
            "select id from session where user_no = @No", new { user.No });
        return new Person(
            session!, user.No, user.Id, provider.No, null, null, user.Role, user.Name, user.Email.Text, null, null);
    }

    async Task<long> No(Customer customer)
    {
        await using var connection = await served.Installation.Database.Connect();
        var no = await AccountStore.FindNo(connection, customer.Id);
        Assert.NotNull(no);
        return no.Value;
    }
}
