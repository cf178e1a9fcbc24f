using Tollkeeper.Accounts;

namespace Tollkeeper.Host.Shell;

/// <summary>Which topic helps with a page: one of <see cref="HelpTopics"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HelpAttribute(string topic) : Attribute
{
    public string Topic => topic;
}

/// <summary>What can be said of some pages.</summary>
/// <param name="Name">In addresses.</param>
/// <param name="Title">The key of its title, mostly that of the page.</param>
/// <param name="Text">The key of what is said; each line is a paragraph.</param>
/// <param name="Right">Which the pages ask for; null: none.</param>
public sealed record HelpTopic(string Name, string Title, string Text, Right? Right = null)
{
    public string Path => "/help/" + Name;

    public bool IsFor(Person? person) => Right is not { } right || person?.May(right) == true;
}

/// <summary>R3: help for every page. A new page names its topic with <see cref="HelpAttribute"/>.</summary>
public static class HelpTopics
{
    public static IReadOnlyList<HelpTopic> All { get; } =
    [
        new("balance", "balance.title", "help.balance", Right.SeeOwnAccount),
        new("pay", "payments.pay-title", "help.pay"),
        new("add-funds", "menu.add-funds", "help.add-funds", Right.ManageBilling),
        new("automatic-billing", "menu.automatic-billing", "help.automatic", Right.ManageBilling),
        new("calls", "menu.call-records", "help.calls", Right.SeeOwnAccount),
        new("receipt", "receipt.title", "help.receipt", Right.SeeOwnAccount),
        new("account", "terms.title", "help.account", Right.SeeOwnAccount),
        new("contact", "menu.contact", "help.contact", Right.SeeOwnAccount),
        new("tax", "taxes.title", "help.tax", Right.SeeOwnAccount),
        new("network", "network.title", "help.network", Right.SeeOwnAccount),
        new("notifications", "notifications.title", "help.notifications", Right.SeeOwnAccount),
        new("credit", "credit.title", "help.credit", Right.ManageBilling),
        new("keys", "keys.title", "help.keys", Right.ManageTechnical),
        new("users", "users.title", "help.users", Right.ManageUsers),
        new("work", "work.title", "help.work", Right.SeeCustomers),
        new("customers", "customers.title", "help.customers", Right.SeeCustomers),
        new("new-customer", "customers.new", "help.new-customer", Right.ServeCustomers),
        new("customer", "customers.overview", "help.customer", Right.SeeCustomers),
        new("profile", "customers.profile", "help.profile", Right.ServeCustomers),
        new("status", "status.title", "help.status", Right.ServeCustomers),
        new("notes", "customers.notes", "help.notes", Right.ServeCustomers),
        new("customer-users", "users.title", "help.users", Right.ServeCustomers),
        new("customer-credit", "credit.title", "help.office-credit", Right.DecideMoney),
        new("adjust", "adjust.title", "help.adjust", Right.DecideMoney),
        new("offline-payments", "offline.title", "help.offline-payments", Right.DecideMoney),
        new("payment-instructions", "instructions.title", "help.payment-instructions", Right.DecideMoney),
        new("move", "move.title", "help.move", Right.ManageBilling),
        new("customer-taxes", "taxes.tab", "help.office-taxes", Right.SeeCustomers),
        new("customer-network", "network.title", "help.office-network", Right.SeeCustomers),
        new("customer-keys", "keys.title", "help.office-keys", Right.ServeCustomers),
        new("their-calls", "menu.call-records", "help.calls", Right.SeeCustomers),
        new("their-receipt", "receipt.title", "help.receipt", Right.SeeCustomers),
        new("office-payments", "office.payments", "help.office-payments", Right.SeeCustomers),
        new("gateways", "office.gateways", "help.gateways", Right.DecideMoney),
        new("rates", "rates.title", "help.rates", Right.SeeCustomers),
        new("draft", "decks.new-version", "help.draft", Right.RunSystem),
        new("tax-tables", "taxes.tables", "help.tax-tables", Right.SeeCustomers),
        new("tax-registrations", "taxes.registrations", "help.tax-registrations", Right.SeeCustomers),
        new("exchange", "taxes.exchange", "help.exchange", Right.SeeCustomers),
        new("package-alert", "mails.package-alert", "help.package-alert", Right.RunSystem),
        new("mail", "mails.title", "help.mail", Right.SeeCustomers),
        new("audit", "audit.title", "help.audit", Right.SeeRecords),
        new("acting", "acting.title", "help.acting", Right.ServeCustomers),
        new("switch-keys", "keys.of-switches", "help.switch-keys", Right.RunSystem),
        new("jobs", "jobs.title", "help.jobs", Right.RunSystem),
        new("staff", "staff.title", "help.staff", Right.ManageStaff),
        new("security", "menu.security", "help.security"),
        new("two-step", "security.two-step", "help.two-step"),
        new("sign-in", "sign-in.title", "help.sign-in"),
        new("second-step", "two-step.title", "help.second-step"),
        new("links", "help.links-title", "help.links"),
        new("sign-up", "sign-up.title", "help.sign-up"),
        new("help", "help.title", "help.help-itself"),
    ];

    /// <summary>Null where there is none of that name.</summary>
    public static HelpTopic? Named(string? name) => All.FirstOrDefault(topic => topic.Name == name);
}
