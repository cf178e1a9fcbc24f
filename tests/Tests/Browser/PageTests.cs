using Deque.AxeCore.Playwright;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Taxes;
using Tollkeeper.Tests.Browser.Pages;
using Tollkeeper.Tests.Scenarios;
using Xunit;
using Xunit.Abstractions;
using CreditProposal = Tollkeeper.Engine.Ledger.CreditProposal;

namespace Tollkeeper.Tests.Browser;

/// <summary>Every page as a browser and axe judge it: accessible, no wider than the screen, no errors.</summary>
[Trait("Category", "needs-chromium")]
public sealed class PageTests(ITestOutputHelper output)
{
    /// <summary>A page, who reads it, and what is pressed on it to get to what is judged.</summary>
    sealed record View(
        string Name, string? Reader, string Path, string? Press = null, int Status = 200, string? Then = null);

    static readonly Look[] Looks =
    [
        new() { Width = Look.Desktop, Language = Language.English },
        new() { Width = Look.Phone, Language = Language.French, Dark = true },
        new() { Width = Look.Narrow, Language = Language.Spanish },
    ];

    [Fact]
    public async Task Each_page_is_accessible_and_fits_in_one_look()
    {
        await using var premises = await Furnished();
        var views = await Views(premises);
        var findings = new List<string>();
        for (var i = 0; i < Looks.Length; i++)
        {
            var theirs = views.Where((_, place) => place % Looks.Length == i);
            findings.AddRange(await Judge(premises, Looks[i], theirs));
        }
        Assert.Empty(findings);
    }

    [Fact]
    [Trait("Category", "long")]
    public async Task R2_Each_page_is_accessible_and_fits_in_every_language_and_width()
    {
        await using var premises = await Furnished();
        var views = await Views(premises);
        var findings = new List<string>();
        var dark = false;
        foreach (var width in new[] { Look.Desktop, Look.Phone, Look.Narrow })
            foreach (var language in Languages.All)
            {
                dark = !dark;
                var look = new Look { Width = width, Language = language, Dark = dark };
                findings.AddRange(await Judge(premises, look, views));
            }
        Assert.Empty(findings);
    }

    static async Task<Premises> Furnished()
    {
        var premises = await Premises.Open();
        await premises.Call("c1");
        await premises.Call("c2", to: "+15145550144");
        await premises.Begin("c3");
        await Tell(premises.Served, premises.Shop.Provider.No, premises.AccountId);
        await Care(premises.Served, premises.Shop.Provider.No, premises.AccountId);
        await Resell(premises.Served, premises.Shop.Provider.No, premises.AccountId);
        return premises;
    }

    /// <summary>A reason that suspends, a note, and something that waits for a second person.</summary>
    static async Task Care(Scenarios.Served served, int providerNo, string accountId)
    {
        var (database, clock, sam) = (served.Installation.Database, served.Clock, Actor.Named("sam"));
        var no = await served.AccountNo(accountId);
        await new SuspendAccount(database, clock).Run(
            no, "violation-dialer", Directions.Outbound, sam, "900 calls of 3 s");
        await new WriteNote(database, clock).Run(providerNo, no, "Called back.\nWants a limit.", sam);
        var proposal = new CreditProposal(500_000_000, 30, null, null).ToJson();
        await new Propose(database, clock).Run(
            new NewApproval(providerNo, no, ApprovalKind.CreditLimit, "A customer: 500.00", proposal), sam);
    }

    /// <summary>A customer in British Columbia, one exemption withdrawn and a certificate that waits.</summary>
    static async Task Resell(Scenarios.Served served, int providerNo, string accountId)
    {
        var (database, clock, ana) = (served.Installation.Database, served.Clock, Actor.Named("ana"));
        var no = await served.AccountNo(accountId);
        // Without a name and a billing e-mail, which whoever saves it is asked for.
        var profile = Profile.Empty with { Service = new("1 Street", "", "Victoria", "BC", "V8V 1A1", "CA") };
        await database.InTransaction((connection, transaction) =>
            ProfileStore.Save(connection, transaction, no, profile));
        var save = new SaveTaxRegistration(database, clock);
        await save.Run(providerNo, new(TaxRegister.GstHst, "123026635RT0001", new(2010, 1, 1), null), ana);
        await save.Run(providerNo, new(TaxRegister.BcPst, "PST-8765-4321", new(2022, 4, 1), null), ana);
        var day = clock.Now.InUtc().Date;
        var rate = new ExchangeRate(Currency.Usd, Currency.Cad, day.PlusDays(-1), 137_000_000, "Bank of Canada", "");
        await new SaveExchangeRate(database, clock).Run(providerNo, rate, day, ana);
        var declare = new DeclareResale(database, served.Installation.Rules.Providers, clock);
        var number = await declare.Run(providerNo, no, new("PST-1234-5678", null, true, "I resell."), ana);
        await new EndExemption(database, clock).Withdraw(providerNo, no, number.Value.Id, 1, day, ana);
        var file = new CertificateFile("form.pdf", "application/pdf", [1]);
        await declare.Run(providerNo, no, new(null, file, true, "I resell."), ana);
    }

    /// <summary>A mail with everything that a mail can have.</summary>
    static async Task Tell(Scenarios.Served served, int providerNo, string accountId)
    {
        await using var connection = await served.Installation.Database.Connect();
        var no = (await AccountStore.FindNo(connection, accountId))!.Value;
        await served.Installation.Database.InTransaction<bool>(async (writing, transaction) =>
        {
            var file = await NoticeStore.InsertFile(
                writing, transaction, providerNo, "standard.csv", "text/csv", [1, 2, 3], served.Clock.Now);
            var from = served.Clock.Now.ToMicros();
            var data = new RatesChangeNotice(
                "standard", "USD", from, [new RateMove("Chad", "235", 40_000_000, 45_000_000, from)], 3, 1_200);
            await NoticeStore.Insert(
                writing, transaction, Notice.ToAccount(providerNo, no, data, file), served.Clock.Now);
            return true;
        });
        await Wait.Until(
            () => Task.FromResult(served.Mails().Count > 0), TimeSpan.FromSeconds(20), () => "the mail is written");
        await served.MailsOf(no, 1, Tollkeeper.Notifications.MailState.Sent);
    }

    static async Task<IReadOnlyList<View>> Views(Premises premises)
    {
        using var ana = await premises.Served.SignedIn(premises.Shop.Provider, Premises.Ana);
        using var sam = await premises.Served.SignedIn(premises.Shop.Provider, Premises.Sam);
        var customer = "/office/customers/" + premises.AccountId;
        var deck = await Link(sam, "/office/rates", "a[href^='/office/rates/dek_']");
        var (draft, refusedDraft) = await Drafts(premises, sam);
        return
        [
            new View("sign-in", null, SignInPage.Path),
            new View("forgotten password", null, "/forgot-password"),
            new View("link spent", null, "/reset-password?token=none", Status: 404),
            new View("address not confirmed", null, "/confirm-email?token=none", Status: 404),
            new View("another confirmation", null, "/resend-confirmation"),
            new View("no such page", null, "/nowhere", Status: 404),
            new View("balance", Premises.Ana, BalancePage.Path),
            new View("calls", Premises.Ana, CallsPage.Path),
            new View("calls, filtered", Premises.Ana, CallsPage.Path + "?number=0144"),
            new View("calls, filter refused", Premises.Ana, CallsPage.Path + "?from=absurd", Status: 422),
            new View("receipt", Premises.Ana, await Link(ana, CallsPage.Path, CallsPage.Receipt)),
            new View("security", Premises.Ana, SecurityPage.Path),
            new View("two steps", Premises.Ana, SecurityPage.Path + "/two-step"),
            new View(
                "two steps, QR code", Premises.Ana, SecurityPage.Path + "/two-step", "main form .btn-primary",
                Then: ".qr"),
            new View("notifications", Premises.Ana, "/account/notifications"),
            new View("notification", Premises.Ana, await Link(ana, "/account/notifications", "a[href*='/mai_']")),
            new View("mail", Premises.Sam, "/office/mail"),
            new View("undelivered mail", Premises.Sam, "/office/mail?show=undelivered"),
            new View("one mail", Premises.Sam, await Link(sam, "/office/mail", "a[href*='/mai_']")),
            new View("sign-up", null, "/sign-up"),
            new View("sign-up, refused", null, "/sign-up", "main form .btn-primary", 422, ".error-summary"),
            new View("contact", Premises.Ana, "/account/contact"),
            new View("contact, to change", Premises.Ana, "/account/contact/edit"),
            new View(
                "contact, refused", Premises.Ana, "/account/contact/edit", "main form .btn-primary", 422,
                ".error-summary"),
            new View("work", Premises.Sam, "/office/work"),
            new View("a decision", Premises.Sam, await Link(sam, "/office/work", "a[href*='/apr_']")),
            new View("new customer", Premises.Sam, "/office/customers/new"),
            new View("customer's contact", Premises.Sam, customer + "/profile"),
            new View("customer's status", Premises.Sam, customer + "/status"),
            .. Network(customer),
            new View("customer's notes", Premises.Sam, customer + "/notes"),
            new View("customers", Premises.Sam, "/office/customers"),
            new View("customer", Premises.Sam, customer),
            new View("customer's calls", Premises.Sam, customer + "/calls"),
            new View("their receipt", Premises.Sam, await Link(sam, customer + "/calls", "a[href*='/calls/call_']")),
            new View("rates", Premises.Sam, "/office/rates"),
            new View("jobs", Premises.Sam, "/office/jobs"),
            new View("job", Premises.Sam, "/office/jobs/audit-books"),
            new View("new version of a deck", Premises.Sam, deck + "/new"),
            new View("draft", Premises.Sam, draft),
            new View("draft's changes", Premises.Sam, draft + "/changes?kind=dearer"),
            new View("draft's effect", Premises.Sam, draft + "/effect"),
            new View("refused draft", Premises.Sam, refusedDraft),
            new View("deck", Premises.Sam, await Link(sam, "/office/rates", "a[href^='/office/rates/dek_']")),
            .. await PeopleViews(ana, sam, customer),
            .. await TaxViews(premises, customer),
            .. MoneyViews(customer),
        ];
    }

    static async Task<IEnumerable<View>> PeopleViews(Scenarios.Visitor ana, Scenarios.Visitor sam, string customer)
    {
        var user = await Link(ana, "/account/users", "a[href*='/usr_']");
        return
        [
            new View("users", Premises.Ana, "/account/users"),
            new View("user", Premises.Ana, user),
            new View("hand-over", Premises.Ana, user + "/primary"),
            new View("staff", Premises.Sam, "/office/staff"),
            new View("one of the staff", Premises.Sam, await Link(sam, "/office/staff", "a[href*='/usr_']")),
            new View("customer's users", Premises.Sam, customer + "/users"),
            new View("other address", Premises.Ana, "/account/security/email"),
            .. Records(customer),
        ];
    }

    static View[] MoneyViews(string customer) =>
    [
        new View("customer's balance, to adjust", Premises.Sam, customer + "/adjust"),
        new View(
            "adjustment, refused", Premises.Sam, customer + "/adjust", "main form .btn-primary", 422,
            ".error-summary"),
        new View("money to move", Premises.Ana, "/finances/move"),
        new View("add funds", Premises.Ana, "/finances/add-funds"),
        new View("deposits", Premises.Ana, "/finances/deposits"),
        new View("automatic billing", Premises.Ana, "/finances/automatic-billing"),
        new View("payment to record", Premises.Sam, "/office/payments/record"),
        new View(
            "payment, refused", Premises.Sam,
            "/office/payments/record?customer=" + customer["/office/customers/".Length..], "main form .btn-primary",
            422, ".error-summary"),
        new View("payment that came back", Premises.Sam, "/office/payments/return"),
        new View("payment instructions", Premises.Sam, "/office/payments/instructions"),
        new View("credit", Premises.Ana, "/account/credit"),
        new View("customer's credit", Premises.Sam, customer + "/credit"),
    ];

    static async Task<IEnumerable<View>> TaxViews(Premises premises, string customer)
    {
        await using var connection = await premises.Served.Installation.Database.Connect();
        var no = await premises.Served.AccountNo(premises.AccountId);
        var waiting = (await ExemptionStore.OfAccount(connection, null, no))[0];
        return
        [
            new View("tax information", Premises.Ana, "/account/tax"),
            new View(
                "declaration, refused", Premises.Ana, "/account/tax", "main form .btn-primary", 422, ".error-summary"),
            new View("a certificate to review", Premises.Sam, $"/office/work/{waiting.ApprovalId}"),
            new View("customer's taxes", Premises.Sam, customer + "/taxes"),
            new View("tax tables", Premises.Sam, "/office/taxes"),
            new View("payments", Premises.Sam, "/office/payments"),
            new View("gateways", Premises.Sam, "/office/gateways"),
            new View("their deposits", Premises.Sam, $"/office/customers/{premises.AccountId}/deposits"),
            new View("taxes of a province", Premises.Sam, "/office/taxes/CA-BC"),
            new View("registrations", Premises.Sam, "/office/taxes/registrations"),
            new View("exchange rates", Premises.Sam, "/office/taxes/exchange"),
        ];
    }

    static View[] Records(string customer) =>
    [
        new View("customers found", Premises.Sam, "/office/customers?q=customer"),
        new View("audit", Premises.Sam, "/office/audit"),
        new View("audit, refused", Premises.Sam, "/office/audit?from=absurd", Status: 422),
        new View("customer's records", Premises.Sam, customer + "/audit"),
        new View("acting as customer", Premises.Sam, customer + "/acting"),
        new View("account", Premises.Ana, "/account"),
    ];

    static View[] Network(string customer) =>
    [
        new View("network", Premises.Ana, "/account/network"),
        new View("help", null, "/help"),
        new View("help, all of a customer's", Premises.Ana, "/help"),
        new View("help with calls", Premises.Ana, "/help/calls"),
        new View("keys", Premises.Ana, "/account/keys"),
        new View("keys, refused", Premises.Ana, "/account/keys", "main form .btn-primary", 422, ".error-summary"),
        new View("switch keys", Premises.Sam, "/office/keys"),
        new View("customer's network", Premises.Sam, customer + "/network"),
        new View("customer's keys", Premises.Sam, customer + "/keys"),
        new View("customer's network, to change", Premises.Sam, customer + "/network/edit"),
    ];

    /// <summary>A new version of each of two decks: one was checked, one has lines that are wrong.</summary>
    static async Task<(string Checked, string Refused)> Drafts(Premises premises, Scenarios.Visitor reader)
    {
        await using var connection = await premises.Served.Installation.Database.Connect();
        var decks = await DeckStore.OfProvider(connection, premises.Shop.Provider.No);
        var paths = new List<string>();
        foreach (var ((deck, _), file) in decks.Zip(["prefix,rate\n1,0.06\n44,0.5\n", "prefix,rate\n1,x\n0,1\n"]))
            paths.Add((await new Scenarios.DeckDesk(premises.Served, reader, deck).Brought(file, 9)).Path);
        return (paths[0], paths[1]);
    }

    static async Task<string> Link(Scenarios.Visitor reader, string path, string link)
    {
        var page = await reader.Open(path);
        var found = page.Document.QuerySelector(link);
        Assert.True(found is not null, $"no {link} at {path}: {page.Text}");
        return found.GetAttribute("href")!;
    }

    async Task<IReadOnlyList<string>> Judge(Premises premises, Look look, IEnumerable<View> views)
    {
        var findings = new List<string>();
        foreach (var theirs in views.GroupBy(view => view.Reader))
        {
            var tab = theirs.Key is { } email
                ? await premises.SignedIn(email, look)
                : await premises.Reader(look);
            foreach (var view in theirs) findings.AddRange(await Judge(tab, view, look));
            await tab.Page.Context.CloseAsync();
        }
        return findings;
    }

    async Task<IReadOnlyList<string>> Judge(Tab tab, View view, Look look)
    {
        var answer = await tab.Page.GotoAsync(view.Path);
        var findings = new List<string>();
        if (answer!.Status != (view.Press is null ? view.Status : 200)) findings.Add($"status {answer.Status}");
        if (view.Then is not null && await tab.Page.Locator(view.Then).CountAsync() == 0)
        {
            var proof = tab.Page.Locator("#BeginProof");
            if (await proof.CountAsync() > 0) await proof.FillAsync(Scenarios.Served.Password);
            await tab.Page.ClickAsync(view.Press!);
            await tab.Page.Locator(view.Then).WaitForAsync();
        }
        if (await tab.TooWide() is { } wide) findings.Add(wide);
        // A mail's frame runs nothing, and that includes axe, which would wait for it.
        var nameless = await tab.Page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('iframe')].filter(f => { f.remove(); return !f.title; }).length");
        if (nameless > 0) findings.Add("a frame without a title");
        var axe = await tab.Page.RunAxe();
        findings.AddRange(axe.Violations.Select(
            each => $"{each.Id}: {string.Join(" … ", each.Nodes.Take(3).Select(node => node.Html))}"));
        findings.AddRange(tab.Complaints(view.Status));
        output.WriteLine($"{view.Name} ({look}): {findings.Count} findings, {axe.Passes.Length} rules passed");
        return [.. findings.Select(finding => $"{view.Name} ({look}): {finding}")];
    }
}
