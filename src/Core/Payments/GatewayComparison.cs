using NodaTime;

namespace Tollkeeper.Payments;

/// <summary>Where a gateway and the books do not say the same. The numbers are stored: never renumber.</summary>
public enum DifferenceKind
{
    /// <summary>Money moved at the gateway that is no payment's of ours.</summary>
    NotOurs = 1,

    /// <summary>The payment is another amount there.</summary>
    OtherAmount = 2,

    /// <summary>Paid there, and not credited here.</summary>
    NotCredited = 3,

    /// <summary>Credited here, and nothing came there.</summary>
    NotAtGateway = 4,

    /// <summary>Given back there, and not here; or the other way about.</summary>
    OtherRefunds = 5,
}

/// <summary>One thing for somebody to look at.</summary>
/// <param name="Id">The same the next time that it is found.</param>
/// <param name="Gateway">What moved there; null: nothing.</param>
/// <param name="Books">What the books say; null: nothing.</param>
public sealed record GatewayDifference(
    string Id, DifferenceKind Kind, string? PaymentId, long? AccountNo, Money? Gateway, Money? Books, Instant At);

/// <summary>A payment as the books have it.</summary>
/// <param name="Credited">It is in the balance.</param>
/// <param name="Refunded">What went back of it by refunds of ours, tax included.</param>
/// <param name="At">When it was credited; when it was begun, where it was not.</param>
public sealed record BookedPayment(
    string Id, long AccountNo, string? MoneyReference, Money Asked, bool Credited, Money Refunded, Instant At);

/// <summary>What came to, or went from, a gateway's balance for one payment.</summary>
/// <param name="Came">By payments.</param>
/// <param name="WentBack">By refunds, positive.</param>
public sealed record GatewaySums(string MoneyReference, Money Came, Money WentBack, Instant At);

/// <summary>The nightly comparison: each payment at a gateway with what the books say of it.</summary>
public static class GatewayComparison
{
    /// <param name="moved">Of the period, by payment.</param>
    /// <param name="booked">Those that moved, and those that were credited in the period.</param>
    public static IEnumerable<GatewayDifference> Of(
        IReadOnlyCollection<GatewaySums> moved, IReadOnlyCollection<BookedPayment> booked)
    {
        var byReference = booked.Where(one => one.MoneyReference is not null)
            .ToDictionary(one => one.MoneyReference!, StringComparer.Ordinal);
        foreach (var there in moved)
        {
            if (!byReference.TryGetValue(there.MoneyReference, out var here))
            {
                yield return new GatewayDifference(
                    $"unknown {there.MoneyReference}", DifferenceKind.NotOurs, null, null, there.Came, null, there.At);
                continue;
            }
            foreach (var difference in Of(there, here)) yield return difference;
        }
        var found = moved.Select(one => one.MoneyReference).ToHashSet(StringComparer.Ordinal);
        foreach (var here in booked.Where(one => one.Credited
            && (one.MoneyReference is null || !found.Contains(one.MoneyReference))))
            yield return new GatewayDifference(
                $"missing {here.Id}", DifferenceKind.NotAtGateway, here.Id, here.AccountNo, null, here.Asked, here.At);
    }

    static IEnumerable<GatewayDifference> Of(GatewaySums there, BookedPayment here)
    {
        if (there.Came != here.Asked)
            yield return Found(DifferenceKind.OtherAmount, there.Came, here.Asked);
        else if (!here.Credited)
            yield return Found(DifferenceKind.NotCredited, there.Came, null);
        if (there.WentBack != here.Refunded)
            yield return Found(DifferenceKind.OtherRefunds, there.WentBack, here.Refunded);

        GatewayDifference Found(DifferenceKind kind, Money? gateway, Money? books) => new(
            $"{(int)kind} {here.Id} {gateway?.Amount}", kind, here.Id, here.AccountNo, gateway, books, there.At);
    }
}
