using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;
using NodaTime.Text;
using Tollkeeper.Accounts;
using Tollkeeper.Charging;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Host.Api;

/// <summary>
/// What a customer sees of the own account: balance, status, entries. An account's key sees its own account whatever id
/// it sends; an operator names the account.
/// </summary>
sealed class AccountsApi(Installation installation)
{
    const int MostEntries = 500;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/balance", (Delegate)Balance).Produces<BalanceBody>().WithName("balance")
            .WithSummary("What is there, what is held, and whether calls may run.").Needs(KeyScopes.Balance);
        routes.MapGet("/v1/entries", (Delegate)Entries).Produces<EntriesBody>().WithName("entries")
            .WithSummary("What was posted, oldest first, in pages.").Needs(KeyScopes.Entries);
    }

    async Task Balance(HttpContext http)
    {
        var account = await AccountOf(http);
        var body = account.Refused is { } refused ? refused : await BalanceOf(account.Value, http.RequestAborted);
        await Door.Answer(http, body, ApiJson.Default.BalanceBody);
    }

    async Task<Result<BalanceBody>> BalanceOf(long accountNo, CancellationToken ct)
    {
        if (await AccountView.Of(installation.Database, accountNo, ct) is not { } account)
            return Refusal.UnknownAccount;
        var at = installation.Clock.GetCurrentInstant();
        var policy = installation.Rules.Providers.PolicyOf(account.Facts.ProviderNo, at);
        if (policy.Refused is { } noPolicy) return noPolicy;
        var first = account.Wallets.FirstOrDefault(w => w.Name == WalletName.Outbound) ?? account.Wallets[0];
        var status = AccountStatus.Of(
            account.Facts, account.Suspensions,
            account.Wallets.Select(w => new WalletStanding(
                WalletName.Pays(w.Name), w.BalanceMicros, w.FloorMicros(at))),
            policy.Value.Policy.Suspend);
        return new BalanceBody(
            Amount(first.BalanceMicros), Amount(first.HeldMicros), Amount(first.AvailableMicros(at)),
            account.Facts.Currency.Code, status.On ? "on" : "off", [.. status.Reasons.Select(reason => reason.Code)],
            NamesOf(status.Blocks),
            Amount(first.FloorMicros(at)),
            [.. account.Wallets.Select(w => new WalletBody(
                w.Name, Amount(w.BalanceMicros), Amount(w.HeldMicros), Amount(w.AvailableMicros(at)),
                Amount(w.FloorMicros(at))))]);

        MoneyBody Amount(long micros) => MoneyBody.Of(new Money(micros, account.Facts.Currency));
    }

    async Task Entries(HttpContext http)
    {
        var account = await AccountOf(http);
        var body = account.Refused is { } refused ? refused : await EntriesOf(http, account.Value);
        await Door.Answer(http, body, ApiJson.Default.EntriesBody);
    }

    /// <summary>Pages by (wallet, seq): <c>after</c> is what the page before ended with.</summary>
    async Task<Result<EntriesBody>> EntriesOf(HttpContext http, long accountNo)
    {
        var wallets = await WalletStore.Of(installation.Database, accountNo, http.RequestAborted);
        if (wallets.Count == 0) return Refusal.UnknownAccount;
        if (!TryInstant(http, "from", out var from) || !TryInstant(http, "to", out var to)) return Refusal.BadInstant;
        var after = Position.Parse(http.Request.Query["after"], wallets[0].Name);
        var at = wallets.ToList().FindIndex(wallet => wallet.Name == after?.Wallet);
        if (after is null || at < 0) return new Refused(Refusal.BadText, "after");
        var found = new List<EntryBody>();
        var seq = after.Value.Seq;
        for (; at < wallets.Count && found.Count < MostEntries; at++, seq = 0)
        {
            var wallet = wallets[at];
            var page = await WalletStore.Entries(
                installation.Database, wallet.No, seq, from?.ToMicros(), to?.ToMicros(), MostEntries - found.Count,
                http.RequestAborted);
            var taxed = page.Any(entry => entry.Kind == EntryKind.Deposit)
                ? await WalletStore.Taxed(
                    installation.Database, wallet.No, page[0].Seq, page[^1].Seq, http.RequestAborted)
                : new HashSet<long>();
            found.AddRange(page.Select(entry => BodyOf(entry, wallet, taxed.Contains(entry.Seq))));
        }
        var next = found.Count == MostEntries ? $"{found[^1].Wallet}:{found[^1].Seq}" : null;
        return new EntriesBody(found, next);
    }

    static EntryBody BodyOf(Entry entry, WalletState wallet, bool taxed) => new(
        wallet.Name, entry.Seq, NameOf(entry.Kind), MoneyBody.Of(new Money(entry.AmountMicros, wallet.Currency)),
        MoneyBody.Of(new Money(entry.BalanceMicros, wallet.Currency)),
        InstantPattern.ExtendedIso.Format(entry.OccurredAt),
        InstantPattern.ExtendedIso.Format(entry.RecordedAt), entry.Reference, entry.ReversesSeq,
        Convert.ToHexStringLower(entry.Hash), NameOf(CreditTax.Of(entry.Kind, taxed)));

    static string? NameOf(CreditTaxStatus? status)
    {
        if (status is not { } known) return null;
        return known switch
        {
            CreditTaxStatus.Taxed => "taxed",
            CreditTaxStatus.Exempt => "exempt",
            CreditTaxStatus.None => "none",
        };
    }

    static string NameOf(EntryKind kind) => kind switch
    {
        EntryKind.Call => "call",
        EntryKind.LateCall => "lateCall",
        EntryKind.ImportedCall => "importedCall",
        EntryKind.Query => "query",
        EntryKind.Deposit => "deposit",
        EntryKind.Credit => "credit",
        EntryKind.Debit => "debit",
        EntryKind.Reversal => "reversal",
        EntryKind.Refund => "refund",
        EntryKind.Chargeback => "chargeback",
        EntryKind.Transfer => "transfer",
    };

    public static IReadOnlyList<string> NamesOf(Directions directions) =>
    [
        .. directions.HasFlag(Directions.Outbound) ? ["outbound"] : Array.Empty<string>(),
        .. directions.HasFlag(Directions.Inbound) ? ["inbound"] : Array.Empty<string>(),
    ];

    /// <summary>The one account that this request may see.</summary>
    async Task<Result<long>> AccountOf(HttpContext http)
    {
        var key = await Door.Key(http, installation);
        if (key.Refused is { } notAllowed) return notAllowed;
        if (installation.Rules.IsStale) return Refusal.DatabaseAway;
        if (key.Value.AccountNo is { } own) return own;
        var asked = http.Request.Query["account"].ToString();
        if (asked.Length == 0) return new Refused(Refusal.MissingField, "account");
        await using var connection = await installation.Database.Connect(http.RequestAborted);
        return await AccountStore.FindNo(connection, asked) is { } no ? no : Refusal.UnknownAccount;
    }

    static bool TryInstant(HttpContext http, string name, out Instant? instant)
    {
        instant = null;
        var text = http.Request.Query[name].ToString();
        if (text.Length == 0) return true;
        instant = CallQuestions.Instant(text);
        return instant is not null;
    }

    readonly record struct Position(string Wallet, long Seq)
    {
        public static Position? Parse(string? text, string firstWallet)
        {
            if (string.IsNullOrEmpty(text)) return new Position(firstWallet, 0);
            return text.Split(':') is [var wallet, var seq]
                && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? new Position(wallet, number)
                    : null;
        }
    }
}
