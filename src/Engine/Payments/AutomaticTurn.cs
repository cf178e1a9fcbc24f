using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <summary>One look at one account's automatic billing, in one transaction, and what it is to be afterwards.
/// </summary>
sealed record AutomaticTurn(
    DbConnection Connection, DbTransaction Transaction, RulesInForce Rules, Policy Policy,
    AutomaticSettings Settings, StoredCard Card, IReadOnlyList<AutomaticAttempt> Attempts, Instant Now)
{
    DateTimeZone Zone { get; } = BillingZone.Of(Policy.Calendar).Value;

    AutomaticRules Automatic => Policy.Payments.Automatic;

    /// <summary>What follows of how the last charge ended (R17, PAY-03 to PAY-05).</summary>
    public async Task<AutomaticTurn> Count(AutomaticAttempt last)
    {
        var counted = Settings with { CountedNo = last.PaymentNo };
        if (last.State is not (PaymentState.Failed or PaymentState.Cancelled))
            return this with { Settings = counted with { Declines = 0 } };
        var payment = await PaymentStore.Read(Connection, Transaction, last.PaymentNo);
        var facts = await PaymentEventStore.Facts(Connection, Transaction, last.PaymentNo);
        var (why, code) = facts.Failure is { } failure ? (failure.Why, failure.Code) : (DeclineClass.RetryLater, "");
        var declines = Settings.Declines + 1;
        var decision = AutomaticBilling.AfterDecline(why, declines, Automatic, Now, Zone);
        var halt = decision.Step switch
        {
            AutomaticStep.NotifyAndAsk => why == DeclineClass.NeedsCustomer
                ? AutomaticHalt.Confirm : AutomaticHalt.FixCard,
            AutomaticStep.TurnOff => AutomaticHalt.TurnedOff,
            AutomaticStep.Nothing or AutomaticStep.Charge or AutomaticStep.NotifyAndDefer => null,
        };
        // What the customer is asked to confirm is paid by the link in the mail; of others nothing is left to pay.
        if (halt != AutomaticHalt.Confirm)
            await DepositStore.Void(
                Connection, Transaction, payment.DepositNo, Now, RunAutomaticBilling.By.Name);
        var deposit = await DepositStore.Read(Connection, Transaction, payment.DepositNo);
        await Tell(
            halt == AutomaticHalt.TurnedOff ? NoticeKind.AutomaticOff : NoticeKind.AutomaticDeclined, deposit, code,
            decision.NextAt, $"declined {payment.Id}");
        return this with
        {
            Settings = counted with
            {
                Declines = declines,
                NextAt = decision.NextAt,
                Halted = halt,
                IsOn = halt != AutomaticHalt.TurnedOff && Settings.IsOn,
                ToldDay = decision.Day,
            },
        };
    }

    /// <summary>R12 to R16: charges, or waits for the next billing day.</summary>
    /// <param name="leftMicros">In the wallet, less what calls hold.</param>
    public async Task<AutomaticSettings> ChargeOrWait(long leftMicros)
    {
        var decision = AutomaticBilling.At(
            leftMicros, Settings.ThresholdMicros,
            Attempts.Where(one => one.AccountNo == Settings.AccountNo).Select(one => one.At),
            Attempts.Select(one => one.At), Automatic, Now, Zone);
        return decision.Step switch
        {
            AutomaticStep.Nothing => Settings,
            AutomaticStep.Charge => await Charge(decision.Day),
            AutomaticStep.NotifyAndDefer => await Wait(decision),
            AutomaticStep.NotifyAndAsk or AutomaticStep.TurnOff =>
                throw new InvalidOperationException("Reaching the threshold asks nobody for anything."),
        };
    }

    async Task<AutomaticSettings> Wait(AutomaticDecision decision)
    {
        if (Settings.ToldDay != decision.Day)
            await Tell(
                NoticeKind.AutomaticWaits, null, "", decision.NextAt,
                $"automatic waits {Settings.AccountNo} {decision.Day}");
        return Settings with { NextAt = decision.NextAt, ToldDay = decision.Day };
    }

    async Task<AutomaticSettings> Charge(LocalDate day)
    {
        var facts = Card.Instrument.Card;
        if (Card.RemovedAt is not null || !facts.IsValidOn(day))
            return await Halt(AutomaticHalt.FixCard, "expired_card");
        var declined = Attempts.Where(one => one.State is PaymentState.Failed).Select(one => one.At).ToList();
        if (!CardNetworkLimits.Allow(facts.Brand, declined, Now))
            return await Halt(AutomaticHalt.TurnedOff, "network_limit");
        var wallets = await WalletStore.Of(Connection, Settings.AccountNo, CancellationToken.None);
        var into = wallets.First(one => one.Name == Settings.Wallet);
        var amount = new Money(Settings.AmountMicros, into.Currency);
        var started = await StartDeposit.In(
            Connection, Transaction, Rules, Policy, Settings.ProviderNo, Settings.AccountNo, into, amount, Now,
            RunAutomaticBilling.By);
        if (started.Refused is { } refused)
            return await Halt(AutomaticHalt.FixCard, Refusals.Of(refused.Refusal).Name);
        var payment = await PaymentStore.Insert(
            Connection, Transaction, started.Value, Card.Gateway, PaymentMethod.Card, Now, Now,
            RunAutomaticBilling.By.Name);
        var today = Attempts.Where(one => one.At.InZone(Zone).Date == day);
        var attempt = today.Count(one => one.AccountNo == Settings.AccountNo) + 1;
        var isFirst = await PaymentStore.SetAutomatic(Connection, Transaction, payment.No, Card.No, day, attempt);
        Demand.That(isFirst, "an account has one charge of a billing day's attempt");
        return Settings;
    }

    /// <summary>It goes on when the customer was here.</summary>
    async Task<AutomaticSettings> Halt(string why, string code)
    {
        await Tell(
            why == AutomaticHalt.TurnedOff ? NoticeKind.AutomaticOff : NoticeKind.AutomaticDeclined, null, code, null,
            null);
        return Settings with { Halted = why, IsOn = why != AutomaticHalt.TurnedOff };
    }

    async Task Tell(NoticeKind kind, Deposit? deposit, string why, Instant? nextAt, string? onceKey)
    {
        var facts = Card.Instrument.Card;
        var currency = Rules.Providers.ByNo(Settings.ProviderNo).Value.Currency;
        var notice = new PaymentNotice(
            deposit?.Id ?? "", currency.Code, Settings.AmountMicros, deposit?.Total.Micros ?? 0,
            $"{facts.Brand} {facts.LastDigits}".Trim(), why, nextAt?.ToMicros(), Now.ToMicros())
        { What = kind };
        await NoticeStore.Insert(
            Connection, Transaction,
            Notice.ToAccount(Settings.ProviderNo, Settings.AccountNo, notice, null, onceKey), Now);
    }
}
