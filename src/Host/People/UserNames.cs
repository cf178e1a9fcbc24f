using Tollkeeper.Accounts;
using Tollkeeper.Host.Shell;
using Tollkeeper.Notifications;

namespace Tollkeeper.Host.People;

/// <summary>What lists and pages call users, their roles and their states.</summary>
static class UserNames
{
    public static string KeyOf(Role role) => role switch
    {
        Role.PrimaryAdmin => "role.primary-admin",
        Role.Billing => "role.billing",
        Role.Technical => "role.technical",
        Role.ReadOnly => "role.read-only",
        Role.Support => "role.support",
        Role.Finance => "role.finance",
        Role.Engineer => "role.engineer",
        Role.Owner => "role.owner",
    };

    /// <summary>What somebody in the role may do, in a few words.</summary>
    public static string MayKeyOf(Role role) => role switch
    {
        Role.PrimaryAdmin => "role.primary-admin-may",
        Role.Billing => "role.billing-may",
        Role.Technical => "role.technical-may",
        Role.ReadOnly => "role.read-only-may",
        Role.Support => "role.support-may",
        Role.Finance => "role.finance-may",
        Role.Engineer => "role.engineer-may",
        Role.Owner => "role.owner-may",
    };

    public static (string Key, string Look) StateOf(User user) => user switch
    {
        { Locked: true } => ("users.locked", "state-bad"),
        { HasCome: false } => ("users.invited", "state-warn"),
        _ => ("users.active", "state-good"),
    };

    public static NoticeTopics WantsOf(User user) =>
        new NoticeUser(user.No, user.Email, user.Language, user.Role, (NoticeTopics?)user.Notifications, true).Wants;

    /// <summary>The roles a form offers, each with what it allows.</summary>
    public static IReadOnlyList<(string, string)> Choices(IEnumerable<Role> roles, Texts texts) =>
        [.. roles.Select(role => (role.Word(), $"{texts[KeyOf(role)]} – {texts[MayKeyOf(role)]}"))];
}
