using System.Text.Json;
using System.Text.Json.Serialization;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Ledger;

namespace Tollkeeper.Host.Api;

// What switches, customers and operators send and get, as interfaces.md fixes it. Fields may be missing: the doors say
// which one by name, so nothing is required here.

/// <summary>The engine's answers as bodies.</summary>
static class Bodies
{
    public static GrantBody Of(CallGrant grant) => new(
        grant.Call, grant.Billable, grant.MaxSeconds, grant.RenewInSeconds, grant.Final, MoneyBody.Of(grant.Held),
        grant.Billable ? Of(grant.Terms, grant.Held.Currency) : null, Sip: 200);

    public static ChargedBody Of(CallCharged charged) => new(
        charged.Call, charged.BilledSeconds, charged.OverrunSeconds, MoneyBody.Of(charged.Charge),
        MoneyBody.Of(charged.Tax), MoneyBody.Of(charged.Total), MoneyBody.Of(charged.Balance));

    public static QueriedBody Of(QueryCharged charged) =>
        new(MoneyBody.Of(charged.Charge), MoneyBody.Of(charged.Balance));

    static RateBody Of(KeptTerms terms, Currency currency) => new(
        terms.Prefix, terms.Destination, FixedPoint.Write(terms.RateE8, 8), terms.FirstSeconds, terms.NextSeconds,
        new Money(terms.ConnectFeeMicros, currency).Amount);
}

public sealed record AuthorizeBody
{
    public string? Switch { get; init; }
    public string? Call { get; init; }
    public string? Account { get; init; }
    public string? Direction { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public string? Lrn { get; init; }
    public string? SourceIp { get; init; }
}

public sealed record RenewBody
{
    public string? Switch { get; init; }
    public string? Call { get; init; }
    public WholeSeconds? ElapsedSeconds { get; init; }
}

public sealed record EndBody
{
    public string? Switch { get; init; }
    public string? Call { get; init; }
    public string? AnsweredAt { get; init; }
    public string? EndedAt { get; init; }
    public WholeSeconds? Seconds { get; init; }
    public string? Disposition { get; init; }
    public int? SipCode { get; init; }
}

/// <summary>A finished call that no authorize preceded: both bodies in one.</summary>
public sealed record ImportLine
{
    public string? Switch { get; init; }
    public string? Call { get; init; }
    public string? Account { get; init; }
    public string? Direction { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public string? Lrn { get; init; }
    public string? AnsweredAt { get; init; }
    public string? EndedAt { get; init; }
    public WholeSeconds? Seconds { get; init; }
    public string? Disposition { get; init; }
    public int? SipCode { get; init; }
}

public sealed record QueryBody
{
    public string? Switch { get; init; }
    public string? Query { get; init; }
    public string? Account { get; init; }
    public string? Did { get; init; }
    public string? Kind { get; init; }
    public string? Number { get; init; }
}

public sealed record MoneyBody(string? Amount, string? Currency)
{
    public static MoneyBody Of(Money money) => new(money.Amount, money.Currency.Code);
}

public sealed record RateBody(
    string Prefix, string Destination, string PerMinute, int FirstSeconds, int NextSeconds, string ConnectFee);

public sealed record GrantBody(
    string Call, bool Billable, int MaxSeconds, int RenewInSeconds, bool Final, MoneyBody Held, RateBody? Rate,
    int Sip);

public sealed record ChargedBody(
    string Call, int BilledSeconds, int OverrunSeconds, MoneyBody Charge, MoneyBody Tax, MoneyBody Total,
    MoneyBody Balance);

public sealed record QueriedBody(MoneyBody Charge, MoneyBody Balance);

public sealed record RefusedLine(long Line, string Refusal);

/// <param name="RefusedMore">How many bad lines there were beyond those listed; missing where all are.</param>
public sealed record ImportedBody(
    long Accepted, long Repeated, IReadOnlyList<RefusedLine> Refused, long? RefusedMore);

public sealed record WalletBody(string Name, MoneyBody Balance, MoneyBody Held, MoneyBody Available, MoneyBody Floor);

public sealed record BalanceBody(
    MoneyBody Balance, MoneyBody Held, MoneyBody Available, string Currency, string Status,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Blocks, MoneyBody Floor, IReadOnlyList<WalletBody> Wallets);

public sealed record EntryBody(
    string Wallet, long Seq, string Kind, MoneyBody Amount, MoneyBody Balance, string OccurredAt, string RecordedAt,
    string? Reference, long? ReversesSeq, string Hash, string? TaxStatus);

public sealed record EntriesBody(IReadOnlyList<EntryBody> Entries, string? After);

public sealed record DepositBody
{
    public string? Key { get; init; }
    public MoneyBody? Amount { get; init; }
    public string? Wallet { get; init; }
    public string? Reference { get; init; }
}

public sealed record CreditLimitBody
{
    public string? Key { get; init; }
    public MoneyBody? Limit { get; init; }
    public string? Wallet { get; init; }
    public string? From { get; init; }
    public string? Until { get; init; }
}

public sealed record SuspensionBody
{
    public string? Reason { get; init; }
    public IReadOnlyList<string>? Blocks { get; init; }
}

public sealed record ReversalBody
{
    public string? Wallet { get; init; }
    public long? Seq { get; init; }
    public string? Reason { get; init; }
}

public sealed record MovedBody(string Wallet, long Seq, MoneyBody Balance);

public sealed record StatusBody(string Status, IReadOnlyList<string> Reasons, IReadOnlyList<string> Blocks);

/// <summary>A refusal as RFC 9457 has it, with its stable name and what a switch answers to the phone.</summary>
public sealed record ProblemBody(
    string Type, string Title, int Status, string? Detail, string Refusal, int Sip, object? First);

/// <summary>
/// Whole seconds as sent, kept even where they are absurd (1e99, 1.5, "x"): the door refuses those by name, which a
/// failed parse of the whole body could not.
/// </summary>
[JsonConverter(typeof(WholeSecondsConverter))]
public readonly record struct WholeSeconds(int? Value);

sealed class WholeSecondsConverter : JsonConverter<WholeSeconds>
{
    public override WholeSeconds Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var seconds))
            return new WholeSeconds(seconds);
        reader.Skip();
        return default;
    }

    public override void Write(Utf8JsonWriter writer, WholeSeconds value, JsonSerializerOptions options)
    {
        if (value.Value is { } seconds) writer.WriteNumberValue(seconds);
        else writer.WriteNullValue();
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuthorizeBody))]
[JsonSerializable(typeof(RenewBody))]
[JsonSerializable(typeof(EndBody))]
[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(QueryBody))]
[JsonSerializable(typeof(GrantBody))]
[JsonSerializable(typeof(ChargedBody))]
[JsonSerializable(typeof(QueriedBody))]
[JsonSerializable(typeof(ImportedBody))]
[JsonSerializable(typeof(BalanceBody))]
[JsonSerializable(typeof(EntriesBody))]
[JsonSerializable(typeof(DepositBody))]
[JsonSerializable(typeof(CreditLimitBody))]
[JsonSerializable(typeof(SuspensionBody))]
[JsonSerializable(typeof(ReversalBody))]
[JsonSerializable(typeof(MovedBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(TaxQuestionBody))]
[JsonSerializable(typeof(TaxQuoteBody))]
[JsonSerializable(typeof(ProblemBody))]
public sealed partial class ApiJson : JsonSerializerContext;
