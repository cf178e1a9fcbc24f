using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Notifications;
using Tollkeeper.Engine.Rating;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Demo;

/// <summary>
/// What makes customers worth looking at: addresses, users of other roles, a suspension, a note, an application that
/// waits, a package with an alert of its own.
/// </summary>
sealed class DemoCases(Database database, IClock clock)
{
    public async Task Make(DemoHouse house, string staffEmail)
    {
        Demand.That(EmailAddress.TryParse(staffEmail, out var address), "the demonstration's addresses are good");
        User staff;
        await using (var connection = await database.Connect())
        {
            staff = (await UserStore.Find(connection, null, house.Provider.No, address.Key)).Value;
        }
        var by = new Actor(staff.No, staff.Email.Text, "");
        foreach (var account in house.Accounts.Concat(house.Cases)) await SaveProfile(house, account, by);
        await AddUsers(house);
        await new SuspendAccount(database, clock).Run(
            CaseNo(house, DemoPlan.Suspended), "violation-dialer", Directions.Outbound, by, "Calls of six seconds");
        await new WriteNote(database, clock).Run(
            house.Provider.No, CaseNo(house, DemoPlan.Suspended), "Asked to explain its short calls.", by);
        await AskForCredit(house);
        if (house.Provider.Name == "retail-cad")
        {
            var owner = new Person(
                "", staff.No, staff.Id, house.Provider.No, null, null, Role.Owner, "", staff.Email.Text, null, null);
            await new SetPackageAlert(database, clock).Run(owner, house.OutboundDeck, DemoPlan.PackageAlertMicros, "");
        }
    }

    async Task SaveProfile(DemoHouse house, DemoHouse.Account account, Actor by)
    {
        var profile = Profile.Empty with
        {
            ContactName = account.Plan.Name,
            Phone = "+1 212 555 0180",
            Service = account.Plan.Name == DemoPlan.Reseller ? Victoria : PlaceOf(house.Provider.Name),
            BillingEmail = $"billing-{account.SipUser}@{house.Provider.Name}.example",
        };
        var saved = await new SaveProfile(database, clock).Run(
            house.Provider.No, account.Made.No, profile, by);
        Demand.That(saved.Accepted, $"the demonstration's addresses are good, not {saved.Refused}");
    }

    /// <summary>Beside the primary admin of the first account; they choose a password by a link.</summary>
    async Task AddUsers(DemoHouse house)
    {
        var account = house.Accounts[0];
        foreach (var role in (Role[])[Role.Billing, Role.Technical, Role.ReadOnly])
        {
            Demand.That(
                EmailAddress.TryParse($"{role.Word()}-{account.SipUser}@{house.Provider.Name}.example", out var email),
                "the demonstration's addresses are good");
            await new CreateUser(database, clock).Run(
                new NewUser(house.Provider.No, account.Made.No, email, EmailConfirmed: true, null, null, role),
                "demonstration");
        }
    }

    Task<string> AskForCredit(DemoHouse house)
    {
        var account = house.Accounts.First(one => one.Plan.Type == AccountType.Postpaid);
        var application = new CreditApplication(
            1_000_000_000, 30, $"{account.Plan.Name} Inc.", "", "about 400", "More agents from next month");
        var wanted = new NewApproval(
            house.Provider.No, account.Made.No, ApprovalKind.CreditApplication,
            $"{account.Plan.Name}: {new Money(application.LimitMicros, house.Provider.Currency)}",
            application.ToJson());
        var by = Actor.Named($"{account.SipUser}@{house.Provider.Name}.example");
        return new Propose(database, clock).Run(wanted, by);
    }

    static long CaseNo(DemoHouse house, string name) => house.Cases.First(one => one.Plan.Name == name).Made.No;

    static Address Victoria { get; } = new("1 Government Street", "", "Victoria", "BC", "V8W 1W8", "CA");

    static Address PlaceOf(string preset) => preset == "retail-cad"
        ? new Address("1 Front Street West", "", "Toronto", "ON", "M5J 2X2", "CA")
        : new Address("1 Broadway", "", "New York", "NY", "10004", "US");
}
