using Tollkeeper.Accounts;
using Tollkeeper.Notifications;
using Xunit;

namespace Tollkeeper.Tests.Core.Notifications;

public sealed class RecipientsTests
{
    static readonly NoticeAddresses Billing = new([Of("billing@x.example"), Of("list@x.example")], Language.French);

    [Theory]
    [InlineData(NoticeTopics.Balance, "admin:es bill:fr billing:fr list:fr")]
    [InlineData(NoticeTopics.Status, "admin:es bill:fr tech:en")]
    [InlineData(NoticeTopics.Rates, "admin:es bill:fr tech:en billing:fr list:fr")]
    public void R65_R66_R72_Who_gets_what_follows_from_role_boxes_and_billing_addresses(
        NoticeTopics topic, string expected)
    {
        NoticeUser[] users =
        [
            User(1, "admin", Role.PrimaryAdmin, Language.Spanish, NoticeTopics.None),
            User(2, "bill", Role.Billing, null, null), User(3, "tech", Role.Technical, Language.English, null),
            User(4, "read", Role.ReadOnly, null, null),
        ];
        Assert.Equal(expected, Written(Recipients.Of(topic, users, Billing)));
    }

    [Fact]
    public void R72_A_check_box_goes_before_what_the_role_gets()
    {
        NoticeUser[] users =
        [
            User(1, "off", Role.Billing, null, NoticeTopics.None),
            User(2, "on", Role.ReadOnly, null, NoticeTopics.Balance),
        ];
        Assert.Equal("on:en", Written(Recipients.Of(NoticeTopics.Balance, users, NoticeAddresses.None)));
    }

    [Fact]
    public void Nobody_gets_it_twice_and_a_user_on_the_list_gets_it_in_the_own_language()
    {
        NoticeUser[] users = [User(1, "BILLING", Role.PrimaryAdmin, Language.Spanish, null)];
        var found = Recipients.Of(NoticeTopics.Balance, users, Billing);
        Assert.Equal("BILLING:es list:fr", Written(found));
        Assert.Equal(1, found[0].UserNo);
    }

    [Fact]
    public void Whoever_has_not_confirmed_the_address_or_is_locked_gets_nothing_about_the_account()
    {
        var user = User(1, "admin", Role.PrimaryAdmin, null, null) with { Reachable = false };
        Assert.Empty(Recipients.Of(NoticeTopics.Balance, [user], NoticeAddresses.None));
        Assert.Equal(Language.French, Recipients.Of(user, Language.French).Language);
    }

    static NoticeUser User(long no, string name, Role role, Language? language, NoticeTopics? chosen) =>
        new(no, Of($"{name}@x.example"), language, role, chosen, Reachable: true);

    static string Written(IEnumerable<Recipient> recipients) => string.Join(' ', recipients.Select(
        each => $"{each.Address.Text.Split('@')[0]}:{each.Language.Tag()}"));

    static EmailAddress Of(string text)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        return address;
    }
}
