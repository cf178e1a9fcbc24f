using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Demo;

/// <summary>
/// The finished calls of one day: the same ones each time, from numbers that are kept free for fiction.
/// </summary>
static class DemoCalls
{
    const int MostCallsADay = 14;
    const int LongestSeconds = 900;

    static readonly string[] Destinations =
    [
        "+12125550101", "+14155550123", "+14165550107", "+15145550142", "+13125550118", "+15125550155", "+16045550131",
        "+442079460018", "+441632960021", "+33199000123", "+61255501234", "+493023125001",
    ];

    static readonly string[] OwnNumbers = ["+12125550180", "+14165550190", "+18005550199"];

    public static IEnumerable<FinishedCall> Of(DemoHouse house, int day, Instant evening)
    {
        foreach (var account in house.Accounts)
        {
            var chance = new Chance($"{house.Provider.Name}/{account.SipUser}/{day}");
            var count = 4 + chance.Below(MostCallsADay - 3);
            for (var n = 0; n < count; n++) yield return Call(house, account, day, n, evening, chance);
        }
    }

    public static CallQuestion Outbound(DemoHouse house, DemoHouse.Account account, string call, string to) => new(
        house.Provider.No, DemoPlan.Switch, call, account.SipUser, Directions.Outbound, OwnNumbers[0], to, null);

    static FinishedCall Call(
        DemoHouse house, DemoHouse.Account account, int day, int n, Instant evening, Chance chance)
    {
        var id = $"{account.SipUser}-{day}-{n}";
        var to = Destinations[chance.Below(Destinations.Length)];
        var outbound = chance.Below(4) > 0;
        var question = outbound
            ? Outbound(house, account, id, to)
            : Outbound(house, account, id, OwnNumbers[chance.Below(OwnNumbers.Length)]) with
            {
                Direction = Directions.Inbound,
                From = to,
            };
        var ended = evening - Duration.FromSeconds(60 + chance.Below(12 * 3_600));
        var seconds = chance.Below(5) == 0 ? 0 : 1 + chance.Below(LongestSeconds);
        var over = new CallOver(
            house.Provider.No, DemoPlan.Switch, id, seconds == 0 ? null : ended - Duration.FromSeconds(seconds), ended,
            seconds, seconds == 0 ? Disposition.NoAnswer : Disposition.Answered, seconds == 0 ? 480 : 200);
        return new FinishedCall(question, over);
    }

    /// <summary>A small generator of our own, so that the demonstration is the same with every runtime.</summary>
    sealed class Chance(string seed)
    {
        ulong state = seed.Aggregate(14_695_981_039_346_656_037UL, (hash, c) =>
            unchecked((hash ^ c) * 1_099_511_628_211UL));

        public int Below(int bound)
        {
            state = unchecked(state * 6_364_136_223_846_793_005UL + 1_442_695_040_888_963_407UL);
            return (int)((state >> 33) % (ulong)bound);
        }
    }
}
