using Tollkeeper.Accounts;

namespace Tollkeeper.Notifications;

/// <summary>A user as far as it decides who gets a mail.</summary>
/// <param name="Language">Null where the user chose none.</param>
/// <param name="Chosen">What the check boxes say; null: what goes with the role.</param>
/// <param name="Reachable">The address was confirmed, and the user is not locked.</param>
public sealed record NoticeUser(
    long No, EmailAddress Address, Language? Language, Role Role, NoticeTopics? Chosen, bool Reachable)
{
    /// <summary>The Primary Admin gets everything, whatever the boxes say (R66).</summary>
    public NoticeTopics Wants => Role == Role.PrimaryAdmin ? NoticeTopics.All : Chosen ?? NoticeTopicOf.Unsaid(Role);
}

/// <summary>Where an account's mails go beside its users (R65), and in which language.</summary>
/// <param name="Billing">The billing e-mail and its distribution list.</param>
public sealed record NoticeAddresses(IReadOnlyList<EmailAddress> Billing, Language? Language)
{
    public static NoticeAddresses None { get; } = new([], null);
}

/// <summary>One mail to be: where to, in which language, and to whom of ours.</summary>
public sealed record Recipient(EmailAddress Address, Language Language, long? UserNo);

/// <summary>Who gets what (R65, R66, R72); nobody twice, each in the own language.</summary>
public static class Recipients
{
    /// <summary>
    /// The Primary Admin gets everything, each other user what the check boxes say, the billing addresses what concerns
    /// billing.
    /// </summary>
    /// <param name="asker">A user who asked for what the notice answers, and gets it whatever the boxes say.</param>
    public static IReadOnlyList<Recipient> Of(
        NoticeTopics topic, IReadOnlyList<NoticeUser> users, NoticeAddresses addresses, long? asker = null)
    {
        var spoken = addresses.Language ?? Language.English;
        var found = new Dictionary<string, Recipient>(StringComparer.Ordinal);
        // Users come first: whoever is on the list too gets it in the own language.
        foreach (var user in users)
        {
            var wants = (user.Wants & topic) != NoticeTopics.None || user.No == asker;
            if (!user.Reachable || !wants) continue;
            found.TryAdd(user.Address.Key, new Recipient(user.Address, user.Language ?? spoken, user.No));
        }
        if (!NoticeTopicOf.ConcernsBilling(topic)) return [.. found.Values];
        foreach (var address in addresses.Billing)
            found.TryAdd(address.Key, new Recipient(address, spoken, null));
        return [.. found.Values];
    }

    /// <summary>What is about a user's own sign-in goes to that user, confirmed or not, and to nobody else.</summary>
    /// <param name="asked">The language of the page where it was asked for.</param>
    public static Recipient Of(NoticeUser user, Language? asked) =>
        new(user.Address, user.Language ?? asked ?? Language.English, user.No);
}
