using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Host.Shell;

namespace Tollkeeper.Host.Office;

/// <summary>Which records a page's address asks for, as typed: it goes back into the form, right or wrong.</summary>
/// <param name="Person">A user's id, or the e-mail address of one who is there.</param>
/// <param name="Record">What it was done to; an account's id is that customer.</param>
public sealed record AuditQuery(
    string From, string To, string Person, string Act, string Record, string Account, string After)
{
    public const int Longest = 254;

    /// <summary>As long as a record's subject can be: the list links to each.</summary>
    public const int LongestRecord = 1_000;

    public static AuditQuery Read(IQueryCollection query)
    {
        return new AuditQuery(
            Text("from"), Text("to"), Text("person"), Text("act"), Text("record"), Text("account"), Text("after"));

        string Text(string name) => query[name].ToString().Trim();
    }

    public bool IsFiltered => (From + To + Person + Act + Record + Account).Length > 0;

    /// <summary>
    /// The filter, or the refusal with the name of the field that it is about: <see cref="Refusal.BadDate"/>,
    /// <see cref="Refusal.BadText"/>, <see cref="Refusal.UnknownUser"/>, <see cref="Refusal.UnknownAccount"/>.
    /// </summary>
    public async Task<Result<RecordFilter>> Filter(Installation installation, HttpContext http)
    {
        var (visit, ct) = (Visit.Of(http), http.RequestAborted);
        if (!TryDate(From, out var from)) return new Refused(Refusal.BadDate, "from");
        if (!TryDate(To, out var to)) return new Refused(Refusal.BadDate, "to");
        Act? act = null;
        if (Act.Length > 0)
        {
            act = AuditRecord.ActOf(Act);
            if (act is null) return new Refused(Refusal.BadText, "act");
        }
        if (!IsGood(Record, LongestRecord)) return new Refused(Refusal.BadText, "record");
        if (!IsGood(Account, Longest)) return new Refused(Refusal.BadText, "account");
        if (!IsGood(Person, Longest)) return new Refused(Refusal.BadText, "person");
        var customer = await Customer(installation, http);
        if (customer.Refused is { } unknown) return unknown;
        long? user = null;
        if (Person.Length > 0)
        {
            await using var connection = await installation.Database.ConnectForPage(ct);
            user = await AuditTrailStore.FindPerson(connection, visit.Person!.ProviderNo, Person.ToLowerInvariant());
            if (user is null) return new Refused(Refusal.UnknownUser, "person");
        }
        return new RecordFilter(
            user, act, customer.Value is not null && IsCustomer ? "" : Record, customer.Value,
            from is { } first ? visit.Zone.AtStartOfDay(first).ToInstant() : null,
            to is { } last ? visit.Zone.AtStartOfDay(last.PlusDays(1)).ToInstant() : null);
    }

    /// <summary>The same question as an address.</summary>
    public string Address(string path, string? after = null)
    {
        var parts = new List<(string Name, string Value)>
        {
            ("from", From), ("to", To), ("person", Person), ("act", Act), ("record", Record), ("account", Account),
            ("after", after ?? ""),
        };
        var said = parts.Where(part => part.Value.Length > 0)
            .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}").ToList();
        return said.Count == 0 ? path : $"{path}?{string.Join('&', said)}";
    }

    /// <summary>
    /// The account whose records they are; null for any. Another provider's, of which somebody asked for it, is a word
    /// like others: staff who look for that have not met the id by themselves.
    /// </summary>
    async Task<Result<long?>> Customer(Installation installation, HttpContext http)
    {
        if (Account.Length > 0)
        {
            if (await TheirCustomer.FindNo(installation, http, Account) is not { } found)
                return new Refused(Refusal.UnknownAccount, "account");
            return found;
        }
        if (!IsCustomer) return (long?)null;
        var own = await installation.Rules.Accounts.Find(
            Visit.Of(http).Person!.ProviderNo, Record, http.RequestAborted);
        return own.Accepted ? own.Value : (long?)null;
    }

    static bool IsGood(string text, int longest) => text.Length == 0 || PlainText.Fits(text, longest);

    /// <summary>The record that is asked for is a customer: all of that customer's, not those with its name.</summary>
    bool IsCustomer =>
        PublicId.TryParse(Record, PublicId.Account, out _) && (Account.Length == 0 || Account == Record);

    static bool TryDate(string text, out LocalDate? date)
    {
        date = null;
        if (text.Length == 0) return true;
        var read = LocalDatePattern.Iso.Parse(text);
        // Years that no instant can have been in are typing errors too.
        if (!read.Success || read.Value.Year is < 1970 or > 9998) return false;
        date = read.Value;
        return true;
    }
}
