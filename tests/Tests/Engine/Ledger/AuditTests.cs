using Tollkeeper.Engine.Ledger;
using Tollkeeper.Ledger;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>Each check on books that are damaged in exactly one thing, by SQL, and on books that are whole.</summary>
public sealed class AuditTests
{
    [BothDatabases]
    public async Task Books_with_some_of_everything_are_clean_and_are_counted(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        var report = await books.Audit();
        Assert.Equal([], report.Findings.Select(finding => finding.ToString()));
        Assert.True(report.Clean);
        Assert.Equal(await books.Number("select count(*) from entry"), report.Counts.Entries);
        Assert.Equal(await books.Number("select count(*) from posting"), report.Counts.Postings);
        Assert.Equal(6, report.Counts.Calls);
        Assert.Equal((2, 2), (report.Counts.Wallets, report.Counts.Holds));
    }

    [BothDatabases]
    public Task A_wallet_that_counts_one_entry_too_many_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet set seq = seq + 1 where no = {b.PrepaidWallet}", AuditCheck.Sequence);

    [BothDatabases]
    public Task An_entry_that_is_gone_leaves_a_gap_where_it_was(DatabaseKind kind) =>
        Finds(kind, b => $"delete from entry where wallet_no = {b.PostpaidWallet} and seq = 2",
            AuditCheck.Sequence, AuditCheck.Chain, AuditCheck.Balance, AuditCheck.Posting);

    [BothDatabases]
    public Task An_entry_of_no_wallet_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "insert into entry select 999999, seq, kind, amount_micros, balance_micros, "
            + "occurred_at_micros, recorded_at_micros, call_n, reference, reverses_seq, hash from entry "
            + "where seq = 1 and kind = 5 and amount_micros = 3000000", AuditCheck.Sequence);

    [BothDatabases]
    public Task A_reference_that_was_changed_breaks_the_chain_there(DatabaseKind kind) =>
        Finds(kind, b => $"update entry set reference = 'x' where wallet_no = {b.PrepaidWallet} and seq = 1",
            AuditCheck.Chain);

    [BothDatabases]
    public Task A_hash_on_the_wallet_that_is_not_its_last_entrys_is_found(DatabaseKind kind) =>
        Finds(kind, b => "update wallet set chain = (select hash from entry where seq = 1 and wallet_no = "
            + $"{b.PrepaidWallet}) where no = {b.PrepaidWallet}", AuditCheck.Chain);

    [BothDatabases]
    public Task A_wallets_balance_that_its_postings_do_not_make_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet set balance_micros = balance_micros + 1 where no = {b.PrepaidWallet}",
            AuditCheck.Balance);

    [BothDatabases]
    public Task A_posting_of_another_amount_than_its_entry_is_found(DatabaseKind kind) =>
        Finds(kind, b => "update posting set amount_micros = amount_micros + 1 where wallet_no = "
            + $"{b.PrepaidWallet} and seq = 1", AuditCheck.Posting, AuditCheck.Chain);

    [BothDatabases]
    public Task A_posting_of_no_entry_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"insert into posting values ({b.PrepaidWallet}, 77, 1, '1120', '2100', 5)",
            AuditCheck.Posting);

    [BothDatabases]
    public Task Held_money_without_a_hold_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet set held_micros = held_micros + 1 where no = {b.PrepaidWallet}",
            AuditCheck.Held);

    [BothDatabases]
    public Task A_hold_of_more_than_the_wallet_says_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update hold set held_micros = held_micros + 1 where call = 'open1'", AuditCheck.Held);

    [BothDatabases]
    public Task A_hold_whose_grant_cannot_be_read_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update hold set details = substr(details, 1, 20) where call = 'open1'", AuditCheck.Held);

    [BothDatabases]
    public Task An_expired_hold_holds_neither_money_nor_a_channel(DatabaseKind kind) =>
        Finds(kind, _ => "update hold set expired_at_micros = 1 where call = 'open1'",
            AuditCheck.Held, AuditCheck.Channels);

    [BothDatabases]
    public Task R68_Channel_counts_that_no_calls_hold_are_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet set line_use = '' where no = {b.PostpaidWallet}", AuditCheck.Channels);

    [BothDatabases]
    public Task A_call_in_another_currency_than_its_wallet_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update call set currency = 'CAD' where call = 'c1'", AuditCheck.Currency);

    [BothDatabases]
    public Task A_wallet_in_another_currency_than_its_account_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update account set currency = 'CAD' where type = 1", AuditCheck.Currency);

    [BothDatabases]
    public Task RATE_09_A_call_whose_rate_was_changed_is_found_by_pricing_it_again(DatabaseKind kind) =>
        Finds(kind, _ => "update call set rate_e8 = rate_e8 * 2 where call = 'c1'", AuditCheck.Price);

    [BothDatabases]
    public Task A_call_billed_for_more_than_was_granted_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update call set granted_seconds = 30 where call = 'c3'", AuditCheck.Price);

    [BothDatabases]
    public Task A_call_whose_terms_cannot_be_read_is_found_and_stops_nothing(DatabaseKind kind) =>
        Finds(kind, _ => "update call set terms = 'sixty' where call = 'i1'", AuditCheck.Price);

    [BothDatabases]
    public Task A_call_whose_terms_give_no_price_is_found_and_stops_nothing(DatabaseKind kind) =>
        Finds(kind, _ => "update call set terms = '60/0 0 0 0 0 6 0 0 0' where call = 'i1'", AuditCheck.Price);

    [BothDatabases]
    public Task A_call_that_does_not_know_its_entry_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update call set entry_seq = entry_seq + 1 where call = 'c1'", AuditCheck.CallEntry);

    [BothDatabases]
    public Task An_entry_whose_call_is_gone_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "delete from call where call = 'c1'", AuditCheck.CallEntry, AuditCheck.Sums);

    [BothDatabases]
    public Task A_call_that_ended_twice_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update call set call_key = (select o.call_key from call o where o.call = 'c1') "
            + "where call = 'c3'", AuditCheck.CallTwice);

    [BothDatabases]
    public Task A_call_both_held_and_ended_is_found(DatabaseKind kind) =>
        Finds(kind, _ => "update hold set call_key = (select o.call_key from call o where o.call = 'c1') "
            + "where call = 'open1'", AuditCheck.CallTwice);

    [BothDatabases]
    public Task R58_A_balance_below_its_floor_that_nothing_explains_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update floor_record set floor_micros = 0 where wallet_no = {b.PostpaidWallet}",
            AuditCheck.Floor);

    [BothDatabases]
    public Task Todays_spending_that_the_entries_do_not_make_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet set day_spent_micros = day_spent_micros + 1 where no = {b.PrepaidWallet}",
            AuditCheck.Sums);

    [BothDatabases]
    public Task A_months_spending_that_its_days_do_not_make_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet set month_spent_micros = 1 where no = {b.PrepaidWallet}", AuditCheck.Sums);

    [BothDatabases]
    public Task A_sum_under_the_wrong_day_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet_day set day = day - 1 where wallet_no = {b.PrepaidWallet}", AuditCheck.Sums);

    [BothDatabases]
    public Task A_call_that_was_recorded_before_the_one_before_it_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update call set recorded_at_micros = 1 where wallet_no = {b.PrepaidWallet} and n = 2",
            AuditCheck.Sequence);

    [BothDatabases]
    public Task A_number_of_calls_that_there_are_not_is_found(DatabaseKind kind) =>
        Finds(kind, b => $"update wallet set calls = calls + 1 where no = {b.PrepaidWallet}", AuditCheck.Sums);

    [BothDatabases]
    public Task R67_Blocks_that_no_standing_suspension_explains_are_found(DatabaseKind kind) =>
        Finds(kind, _ => "update account set blocks = 1 where type = 1", AuditCheck.Blocks);

    [BothDatabases]
    public async Task A_wallet_that_moves_during_the_audit_gives_no_false_alarm(DatabaseKind kind)
    {
        await using var books = await SomeBooks.Keep(kind);
        using var over = new CancellationTokenSource();
        var calls = await books.KeepCalling(over.Token);
        for (var i = 0; i < 20; i++) Assert.Equal([], (await books.Audit()).Findings);
        await over.CancelAsync();
        await calls;
        Assert.True((await books.Audit()).Counts.Calls > 6);
    }

    static async Task Finds(DatabaseKind kind, Func<SomeBooks, string> damage, params AuditCheck[] checks)
    {
        await using var books = await SomeBooks.Keep(kind);
        await books.Damage(damage(books));
        var report = await books.Audit();
        Assert.False(report.Clean);
        Assert.Equal(
            checks.Order(), report.Findings.Select(finding => finding.Check).Distinct().Order());
        Assert.All(report.Findings, finding => Assert.EndsWith(".", finding.Sentence, StringComparison.Ordinal));
    }
}
