using System.Globalization;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// Saves what is known of a customer, and what changed goes on record. Refusals: those of
/// <see cref="Profile.Problems"/> (the first), <see cref="Refusal.ChangedMeanwhile"/>.
/// </summary>
public sealed class SaveProfile(Database database, IClock clock)
{
    public Task<Result<Profile>> Run(
        int providerNo, long accountNo, Profile profile, Actor by, CancellationToken ct = default) =>
        database.InTransaction<Profile>(
            async (connection, transaction) =>
            {
                if (profile.Problems().FirstOrDefault() is { } problem) return problem;
                var former = await ProfileStore.Find(connection, transaction, accountNo);
                if (former.Version != profile.Version
                    || !await ProfileStore.Save(connection, transaction, accountNo, profile))
                    return Refusal.ChangedMeanwhile;
                var changes = Changes(former, profile).ToList();
                if (changes.Count > 0)
                {
                    var record = new AuditRecord(
                        Act.ProfileChanged, providerNo, by.UserNo, accountNo, "", by.Name, by.Address)
                    {
                        Before = string.Join("; ", changes.Select(change => $"{change.Field}: {change.Before}")),
                        After = string.Join("; ", changes.Select(change => $"{change.Field}: {change.After}")),
                    };
                    await AuditRecordStore.Insert(connection, transaction, record, clock.GetCurrentInstant());
                }
                return profile with { Version = profile.Version + 1 };
            },
            ct);

    static IEnumerable<(string Field, string Before, string After)> Changes(Profile former, Profile now) =>
        Fields(former).Zip(Fields(now)).Where(pair => pair.First.Text != pair.Second.Text)
            .Select(pair => (pair.First.Field, pair.First.Text, pair.Second.Text));

    static IEnumerable<(string Field, string Text)> Fields(Profile profile) =>
    [
        ("contact", profile.ContactName), ("phone", profile.Phone), ("language", profile.Language.Tag()),
        ("service", Line(profile.Service)), ("billing name", profile.BillingName),
        ("billing", profile.Billing is null ? "" : Line(profile.Billing)), ("billing e-mail", profile.BillingEmail),
        ("mail list", string.Join(", ", profile.MailList)), ("provincial tax id", profile.ProvincialTaxId),
    ];

    static string Line(Address address) => string.Create(
        CultureInfo.InvariantCulture,
        $"{address.Line1}, {address.Line2}, {address.City}, {address.Region}, {address.PostalCode}, {address.Country}");
}
