using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>What a gateway said, with the gateway's own name of it and the very text.</summary>
public sealed record GatewaySaid(string EventId, PaymentEvent Event, string Raw);

/// <summary>An event as it is kept. The kinds are stored: never renumber.</summary>
sealed class PaymentEventRow
{
    public int Kind { get; init; }
    public long AtMicros { get; init; }
    public long? AmountMicros { get; init; }
    public string? Currency { get; init; }
    public string Reference { get; init; } = "";
    public int Detail { get; init; }
    public string Code { get; init; } = "";

    public static PaymentEventRow Of(PaymentEvent said) => said switch
    {
        PaymentPending => new() { Kind = 1, AtMicros = said.At.ToMicros() },
        PaymentFailed failed => new()
        {
            Kind = 2,
            AtMicros = said.At.ToMicros(),
            Detail = (int)failed.Why,
            Code = failed.Code,
        },
        PaymentAuthorized authorized => new()
        {
            Kind = 7,
            AtMicros = said.At.ToMicros(),
            Code = authorized.Card?.ToJson() ?? "",
        },
        PaymentCancelled => new() { Kind = 3, AtMicros = said.At.ToMicros() },
        PaymentSettled settled => With(4, said, settled.Amount, "", 0),
        PaymentRefunded refund => With(5, said, refund.Amount, refund.Id, refund.Failed ? 1 : 0),
        PaymentDisputed dispute => With(6, said, dispute.Amount, dispute.Id, (int)dispute.Stage),
        _ => throw new InvalidOperationException($"{said} has no kind."),
    };

    public PaymentEvent ToEvent()
    {
        var at = Instants.FromMicros(AtMicros);
        return Kind switch
        {
            1 => new PaymentPending(at),
            2 => new PaymentFailed(at, (DeclineClass)Detail, Code),
            3 => new PaymentCancelled(at),
            4 => new PaymentSettled(at, Amount()),
            5 => new PaymentRefunded(at, Reference, Amount(), Detail == 1),
            6 => new PaymentDisputed(at, Reference, Amount(), (DisputeStage)Detail),
            7 => new PaymentAuthorized(at, Code.Length == 0 ? null : CardFacts.Read(Code)),
            _ => throw new InvalidOperationException($"{Kind} is no kind of event."),
        };
    }

    Money Amount() => new(AmountMicros!.Value, Tollkeeper.Currency.Of(Currency!));

    static PaymentEventRow With(int kind, PaymentEvent said, Money amount, string reference, int detail) => new()
    {
        Kind = kind,
        AtMicros = said.At.ToMicros(),
        AmountMicros = amount.Micros,
        Currency = amount.Currency.Code,
        Reference = reference,
        Detail = detail,
    };
}
