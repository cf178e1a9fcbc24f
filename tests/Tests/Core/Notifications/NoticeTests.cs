using Tollkeeper.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Core.Notifications;

public sealed class NoticeTests
{
    public static TheoryData<NoticeData> Each =>
    [
        new SignInNotice(Language.French) { What = NoticeKind.ResetPassword },
        new SignInNotice((Language?)null) { What = NoticeKind.TwoStepOn },
        new NewPlaceNotice("192.0.2.1", "passkey", 1),
        new LowBalanceNotice("main", "USD", 4_990_000, 5_000_000, 2),
        new FundsGoneNotice("outbound", "USD", 0, 0, Directions.Outbound, 3),
        new FundsBackNotice("main", "CAD", 10, 4),
        new SuspendedNotice("violation", Directions.Both, 5),
        new ExemptionDecidedNotice("CA-BC", ExemptionOutcome.Granted, "2026-03-01", null, "Fits.", 5, 7),
        new ReturnedNotice("violation", Directions.None, 6),
    ];

    [Theory]
    [MemberData(nameof(Each))]
    public void What_a_notice_says_is_read_as_it_was_written(NoticeData data) =>
        Assert.Equal(data, NoticeData.Read(data.Kind, data.ToJson()));

    [Fact]
    public void A_change_of_rates_keeps_its_moves()
    {
        var data = new RatesChangeNotice(
            "standard", "USD", 7, [new RateMove("France", "33", 100, 200, 8), new RateMove("Chad", "235", null, 1, 8)],
            2, 90);
        var read = Assert.IsType<RatesChangeNotice>(NoticeData.Read(data.Kind, data.ToJson()));
        Assert.Equal(data.Moves, read.Moves);
        Assert.Equal(data with { Moves = read.Moves }, read);
    }
}
