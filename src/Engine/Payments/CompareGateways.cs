using NodaTime;
using Tollkeeper.Engine.Payments.Gateways;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// The nightly comparison of each gateway with the books (PAY-01): what moved there since the last one is read and
/// kept, and where the two do not say the same somebody has to look. What a gateway says of a payment that is open here
/// is asked for at once.
/// </summary>
public sealed class CompareGateways(Database database, GatewaysInForce gateways, IClock clock)
{
    /// <summary>What moved less than an hour ago may be on its way between the two.</summary>
    static readonly Duration Settling = Duration.FromHours(1);

    /// <summary>Read again each time: gateways write late.</summary>
    static readonly Duration Overlap = Duration.FromDays(3);

    static readonly Duration FirstPeriod = Duration.FromDays(30);

    /// <returns>How many payments were compared, and how many differences are open. Refusals: those of
    /// <see cref="IGateway.Movements"/>.</returns>
    public async Task<Result<(int Compared, int Open)>> Run(
        int providerNo, Currency currency, CancellationToken ct = default)
    {
        IReadOnlyList<KeptGateway> used;
        await using (var connection = await database.Connect(ct))
            used = await GatewayStore.Of(connection, null, providerNo);
        var compared = 0;
        foreach (var gateway in used)
        {
            var one = await Compare(providerNo, gateway.Kind.Word(), currency, ct);
            if (one.Refused is { } refused) return refused;
            compared += one.Value;
        }
        await using var again = await database.Connect(ct);
        var open = await GatewayMovementStore.Open(again, null, providerNo, 1_000);
        return (compared, open.Count);
    }

    async Task<Result<int>> Compare(int providerNo, string word, Currency currency, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var until = now - Settling;
        Instant since;
        await using (var connection = await database.Connect(ct))
        {
            var last = await GatewayMovementStore.ComparedUntil(connection, null, providerNo, word);
            since = last is { } known ? known - Overlap : until - FirstPeriod;
        }
        var gateway = await gateways.Of(providerNo, word, ct);
        if (gateway.Refused is { } none) return none;
        var movements = await gateway.Value.Movements(since, now, ct);
        if (movements.Refused is { } refused) return refused;
        return await database.InTransaction<int>(
            async (connection, transaction) =>
            {
                foreach (var movement in movements.Value)
                    await GatewayMovementStore.Add(connection, transaction, providerNo, word, movement);
                // What was credited at the edge of the period may have moved before it.
                var movedSince = since - Duration.FromDays(1);
                var moved = await GatewayMovementStore.Sums(connection, transaction, providerNo, word, movedSince);
                var booked = await GatewayMovementStore.Booked(
                    connection, transaction, providerNo, word, movedSince, since, until);
                var settled = moved.Where(one => one.At < until).ToList();
                foreach (var difference in GatewayComparison.Of(settled, booked).Where(one => one.At < until))
                    await GatewayMovementStore.Add(
                        connection, transaction, providerNo, word, difference, currency, now);
                await GatewayMovementStore.SetCompared(connection, transaction, providerNo, word, until);
                return moved.Count;
            },
            ct);
    }
}
