using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Api;

/// <summary>Makes the engine's questions of what was sent, or says which field is missing or cannot be.</summary>
static class CallQuestions
{
    public const int MaxText = 128;

    public static Result<CallQuestion> Of(AuthorizeBody body, AccessKey key)
    {
        var question = Question(
            key.ProviderNo!.Value, body.Switch, body.Call, body.Account, body.Direction, body.From, body.To, body.Lrn);
        if (question.Refused is not null) return question;
        // Switches write IPv6 in brackets, as URIs do. What is no address is judged with the account's addresses: most
        // accounts have none, and an emergency call waits for nothing.
        var source = body.SourceIp is ['[', .. var inside, ']'] ? inside : body.SourceIp ?? "";
        return question.Value with { Source = AllowedNetwork.ReadAddress(source), KeyNo = key.No };
    }

    public static Result<RenewQuestion> Of(RenewBody body, int providerNo)
    {
        if (Call(body.Switch, body.Call) is { } bad) return bad;
        if (body.ElapsedSeconds is not { } elapsed) return new Refused(Refusal.MissingField, "elapsedSeconds");
        if (elapsed.Value is not { } seconds) return Refusal.BadSeconds;
        return new RenewQuestion(providerNo, body.Switch!, body.Call!, seconds);
    }

    public static Result<CallOver> Of(EndBody body, int providerNo) => Over(
        providerNo, body.Switch, body.Call, body.AnsweredAt, body.EndedAt, body.Seconds, body.Disposition,
        body.SipCode);

    public static Result<FinishedCall> Of(ImportLine line, AccessKey key)
    {
        var providerNo = key.ProviderNo!.Value;
        var question = Question(
            providerNo, line.Switch, line.Call, line.Account, line.Direction, line.From, line.To, line.Lrn);
        if (question.Refused is { } noQuestion) return noQuestion;
        var over = Over(
            providerNo, line.Switch, line.Call, line.AnsweredAt, line.EndedAt, line.Seconds, line.Disposition,
            line.SipCode);
        if (over.Refused is { } notOver) return notOver;
        return new FinishedCall(question.Value with { KeyNo = key.No }, over.Value);
    }

    public static Result<NameQuery> Of(QueryBody body, int providerNo)
    {
        if (!SwitchName.Fits(body.Switch)) return Missing(body.Switch, "switch", Refusal.BadSwitch);
        if (Text(body.Query, "query") is { } badQuery) return badQuery;
        if (Text(body.Account, "account") is { } badAccount) return badAccount;
        if (Text(body.Number, "number") is { } badNumber) return badNumber;
        if (body.Did is not null && Text(body.Did, "did") is { } badDid) return badDid;
        if (body.Kind is null) return new Refused(Refusal.MissingField, "kind");
        if (!string.Equals(body.Kind, "cnam", StringComparison.OrdinalIgnoreCase))
            return new Refused(Refusal.BadText, "kind");
        return new NameQuery(providerNo, body.Switch!, body.Query!, body.Account!, body.Did, body.Number!);
    }

    static Result<CallQuestion> Question(
        int providerNo, string? at, string? call, string? account, string? direction, string? from, string? to,
        string? lrn)
    {
        if (Call(at, call) is { } bad) return bad;
        if (Text(account, "account") is { } badAccount) return badAccount;
        if (direction is null) return new Refused(Refusal.MissingField, "direction");
        if (DirectionOf(direction) is not { } known) return Refusal.BadDirection;
        if (to is null) return new Refused(Refusal.MissingField, "to");
        if (!PlainText.Fits(to, MaxText)) return Refusal.BadNumber;
        // A caller may be anonymous; what is no plain text still may not go further.
        if (from is { Length: > 0 } && !PlainText.Fits(from, MaxText)) return new Refused(Refusal.BadText, "from");
        if (lrn is { Length: > 0 } && !PlainText.Fits(lrn, MaxText)) return new Refused(Refusal.BadText, "lrn");
        return new CallQuestion(providerNo, at!, call!, account!, known, from ?? "", to,
            lrn is { Length: > 0 } ? lrn : null);
    }

    static Result<CallOver> Over(
        int providerNo, string? at, string? call, string? answeredAt, string? endedAt, WholeSeconds? seconds,
        string? disposition, int? sipCode)
    {
        if (Call(at, call) is { } bad) return bad;
        if (seconds is not { } sent) return new Refused(Refusal.MissingField, "seconds");
        if (sent.Value is not { } whole) return Refusal.BadSeconds;
        if (disposition is null) return new Refused(Refusal.MissingField, "disposition");
        if (DispositionOf(disposition) is not { } known) return Refusal.BadDisposition;
        if (endedAt is null) return new Refused(Refusal.MissingField, "endedAt");
        var ended = Instant(endedAt);
        if (ended is null) return new Refused(Refusal.BadInstant, "endedAt");
        var answered = answeredAt is null ? null : Instant(answeredAt);
        if (answeredAt is not null && answered is null) return new Refused(Refusal.BadInstant, "answeredAt");
        if (sipCode is < 100 or > 699) return new Refused(Refusal.BadDisposition, "sipCode");
        return new CallOver(providerNo, at!, call!, answered, ended.Value, whole, known, sipCode);
    }

    static Refused? Call(string? at, string? call)
    {
        if (!SwitchName.Fits(at)) return Missing(at, "switch", Refusal.BadSwitch);
        return PlainText.Fits(call, MaxText) ? null : Missing(call, "call", Refusal.BadCallId);
    }

    static Refused? Text(string? value, string field) =>
        PlainText.Fits(value, MaxText) ? null : Missing(value, field, new Refused(Refusal.BadText, field));

    static Refused Missing(string? value, string field, Refused otherwise) =>
        value is null ? new Refused(Refusal.MissingField, field) : otherwise;

    public static Instant? Instant(string text)
    {
        var parsed = InstantPattern.ExtendedIso.Parse(text);
        if (parsed.Success) return parsed.Value;
        return InstantText.Read(text);
    }

    public static Directions? DirectionOf(string text) => text.ToLowerInvariant() switch
    {
        "outbound" => Directions.Outbound,
        "inbound" => Directions.Inbound,
        _ => null,
    };

    static Disposition? DispositionOf(string text) => text.ToLowerInvariant() switch
    {
        "answered" => Disposition.Answered,
        "busy" => Disposition.Busy,
        "noanswer" => Disposition.NoAnswer,
        "cancelled" => Disposition.Cancelled,
        "failed" => Disposition.Failed,
        "rejected" => Disposition.Rejected,
        _ => null,
    };
}
