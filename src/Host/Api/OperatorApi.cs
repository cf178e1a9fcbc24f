using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;

namespace Tollkeeper.Host.Api;

/// <summary>What an operator does to one account: money that came, credit limits, suspensions, corrections.</summary>
sealed class OperatorApi(Installation installation)
{
    const int MaxReference = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/v1/accounts/{id}/deposits", "postDeposit", "Money came that no gateway brought.",
            ApiJson.Default.DepositBody, Deposit, ApiJson.Default.MovedBody);
        Map(routes, "/v1/accounts/{id}/credit-limits", "setCreditLimit", "How far a postpaid wallet may be used.",
            ApiJson.Default.CreditLimitBody, CreditLimit, ApiJson.Default.MovedBody);
        Map(routes, "/v1/accounts/{id}/reversals", "reverseEntry", "Corrects an entry by its mirror.",
            ApiJson.Default.ReversalBody, Reverse, ApiJson.Default.MovedBody);
        Map(routes, "/v1/accounts/{id}/suspensions", "suspendAccount", "Adds a reason that blocks calls.",
            ApiJson.Default.SuspensionBody, Suspend, ApiJson.Default.StatusBody);
        routes.MapDelete("/v1/accounts/{id}/suspensions/{reason}", (Delegate)Clear).Produces<StatusBody>()
            .WithName("clearSuspension").WithSummary("Takes one reason away; the others stay.")
            .Needs(KeyScopes.Operate);
    }

    /// <summary>The account that the path names, with what an operation on it needs to know.</summary>
    sealed record Subject(AccountView Account, string By, long LowBalanceMicros)
    {
        public int ProviderNo => Account.Facts.ProviderNo;

        public long No => Account.Facts.No;
    }

    async Task<Result<MovedBody>> Deposit(Subject subject, DepositBody body)
    {
        if (Key(body.Key) is { } badKey) return badKey;
        if (Amount(body.Amount, "amount", out var amount) is { } badAmount) return badAmount;
        if (body.Reference is not null && !PlainText.Fits(body.Reference, MaxReference))
            return new Refused(Refusal.BadText, "reference");
        var move = new MoneyMove(
            subject.ProviderNo, subject.No, body.Wallet, EntryKind.Deposit, amount, LedgerCode.InTransit, body.Key!,
            body.Reference ?? "deposit recorded by an operator");
        return Moved(subject, await installation.Money.Post(move, subject.LowBalanceMicros));
    }

    async Task<Result<MovedBody>> CreditLimit(Subject subject, CreditLimitBody body)
    {
        if (Key(body.Key) is { } badKey) return badKey;
        if (Amount(body.Limit, "limit", out var limit) is { } badLimit) return badLimit;
        if (!Optional(body.From, out var from)) return new Refused(Refusal.BadInstant, "from");
        if (!Optional(body.Until, out var until)) return new Refused(Refusal.BadInstant, "until");
        return Moved(subject, await installation.CreditLimit.Set(new CreditLimitChange(
            subject.ProviderNo, subject.No, body.Wallet, limit, from, until, body.Key!, subject.By)));
    }

    async Task<Result<MovedBody>> Reverse(Subject subject, ReversalBody body)
    {
        if (body.Seq is not { } seq) return new Refused(Refusal.MissingField, "seq");
        if (!PlainText.Fits(body.Reason, MaxReference)) return new Refused(Refusal.MissingField, "reason");
        var wallet = body.Wallet is null
            ? subject.Account.Wallets[0]
            : subject.Account.Wallets.FirstOrDefault(each => each.Name == body.Wallet);
        if (wallet is null) return Refusal.UnknownEntry;
        return Moved(subject, await installation.Reverse.Reverse(
            subject.ProviderNo, subject.No, new EntryRef(wallet.No, seq), body.Reason!, subject.LowBalanceMicros));
    }

    async Task<Result<StatusBody>> Suspend(Subject subject, SuspensionBody body)
    {
        if (body.Reason is null) return new Refused(Refusal.MissingField, "reason");
        var blocks = Directions.None;
        foreach (string? name in body.Blocks ?? ["outbound", "inbound"])
        {
            if (name is null || CallQuestions.DirectionOf(name) is not { } direction) return Refusal.BadDirection;
            blocks |= direction;
        }
        return Status(await new SuspendAccount(installation.Database, installation.Clock)
            .Run(subject.No, body.Reason, blocks, Actor.Named(subject.By)));
    }

    async Task Clear(HttpContext http)
    {
        var subject = await SubjectOf(http);
        var status = subject.Refused is { } refused
            ? refused
            : Status(await new ClearSuspension(installation.Database, installation.Clock).Run(
                subject.Value.No, (string)http.Request.RouteValues["reason"]!,
                Actor.Named(subject.Value.By)));
        await Door.Answer(http, status, ApiJson.Default.StatusBody);
    }

    void Map<TBody, TOut>(
        IEndpointRouteBuilder routes, string path, string name, string summary, JsonTypeInfo<TBody> bodyType,
        Func<Subject, TBody, Task<Result<TOut>>> act, JsonTypeInfo<TOut> outType)
        where TBody : class
        where TOut : class
    {
        routes.MapPost(path, (Delegate)Handle).Accepts<TBody>("application/json", "*/*").Produces<TOut>()
            .WithName(name).WithSummary(summary).Needs(KeyScopes.Operate);

        async Task Handle(HttpContext http)
        {
            var subject = await SubjectOf(http);
            if (subject.Refused is { } refused)
            {
                await Door.Refuse(http, refused);
                return;
            }
            var body = await Door.Body(http, bodyType);
            await Door.Answer(http, body.Refused is { } unreadable ? unreadable : await act(subject.Value, body.Value),
                outType);
        }
    }

    async Task<Result<Subject>> SubjectOf(HttpContext http)
    {
        var key = await Door.Key(http, installation);
        if (key.Refused is { } notAllowed) return notAllowed;
        if (installation.Unable is { } unable) return unable;
        await using var connection = await installation.Database.Connect(http.RequestAborted);
        var no = await AccountStore.FindNo(connection, (string)http.Request.RouteValues["id"]!);
        if (no is null || await AccountView.Of(installation.Database, no.Value, http.RequestAborted) is not { } account)
            return Refusal.UnknownAccount;
        var policy =
            installation.Rules.Providers.PolicyOf(account.Facts.ProviderNo, installation.Clock.GetCurrentInstant());
        if (policy.Refused is { } noPolicy) return noPolicy;
        return new Subject(account, "operator key " + key.Value.IdPart, policy.Value.Policy.Alert.LowBalanceMicros);
    }

    static Result<MovedBody> Moved(Subject subject, Result<MoneyMoved> moved)
    {
        if (moved.Refused is { } refused)
            return refused with { First = refused.First is MoneyMoved first ? BodyOf(subject, first) : null };
        return BodyOf(subject, moved.Value);
    }

    static MovedBody BodyOf(Subject subject, MoneyMoved moved)
    {
        var wallet = subject.Account.Wallets.First(each => each.No == moved.WalletNo);
        return new MovedBody(wallet.Name, moved.Seq, MoneyBody.Of(moved.Balance));
    }

    static Result<StatusBody> Status(Result<IReadOnlyList<Suspension>> standing)
    {
        if (standing.Refused is { } refused) return refused;
        var blocks = Suspension.BlocksOf(standing.Value);
        return new StatusBody(
            standing.Value.Count == 0 ? "on" : "off", [.. standing.Value.Select(each => each.Reason)],
            AccountsApi.NamesOf(blocks));
    }

    static Refused? Key(string? key)
    {
        if (key is null) return new Refused(Refusal.MissingField, "key");
        return PlainText.Fits(key, CallQuestions.MaxText) ? null : new Refused(Refusal.BadText, "key");
    }

    static Refused? Amount(MoneyBody? body, string field, out Money amount)
    {
        amount = default;
        if (body is null) return new Refused(Refusal.MissingField, field);
        if (!Currency.TryParse(body.Currency, out var currency))
            return new Refused(Refusal.BadAmount, field + ".currency");
        return Money.TryParse(body.Amount, currency, out amount) ? null
            : new Refused(Refusal.BadAmount, field + ".amount");
    }

    static bool Optional(string? text, out Instant? instant)
    {
        instant = text is null ? null : CallQuestions.Instant(text);
        return text is null || instant is not null;
    }
}
