using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Notifications;

namespace Tollkeeper.Engine.Charging;

/// <summary>What staff see of a customer beside money and calls: the newest few of each, of one moment.</summary>
public sealed record AccountGlance
{
    public List<GlanceApproval> Waiting { get; } = [];
    public List<GlanceNote> Notes { get; } = [];
    public List<GlanceUser> Users { get; } = [];

    /// <summary>Mails to the account's people that were refused, or given up.</summary>
    public List<GlanceMail> FailedMails { get; } = [];

    /// <summary>Empty for who may not see them.</summary>
    public IReadOnlyList<ListedRecord> Records { get; internal set; } = [];

    /// <summary>Null where nothing was filled in.</summary>
    public GlanceContact? Contact { get; internal set; }

    /// <summary>R59: days from an invoice to its due date; null where no credit was agreed on.</summary>
    public int? CreditTermDays { get; internal set; }

    /// <summary>R61: the newest of all wallets.</summary>
    public GlanceDeposit? LastDeposit { get; internal set; }
}

public sealed record GlanceApproval(string Id, ApprovalKind Kind, string Subject, string AskedBy, Instant AskedAt);

public sealed record GlanceNote(string Text, string By, Instant At);

public sealed record GlanceUser(
    string Id, string Name, string Email, Role Role, bool Locked, Instant? LastSignedInAt);

public sealed record GlanceMail(string Id, NoticeKind Kind, MailState State, string To, string? Subject, Instant At);

public sealed record GlanceContact(
    string Name, string Phone, string BillingEmail, Address Service, Address? Billing);

public sealed record GlanceDeposit(long AmountMicros, Instant At);

/// <summary>Reads it in one round trip, each row by a key of the account.</summary>
public static class AccountGlanceStore
{
    public const int Few = 3;
    public const int MostUsers = 10;
    public const int MostRecords = 5;

    static readonly string Waiting =
        $"""
        select id, kind, subject, asked_by, asked_at_micros from approval
        where account_no = $1 and outcome is null order by no desc limit {Few + 1}
        """;

    static readonly string Notes =
        $"select text, by_whom, at_micros from account_note where account_no = $1 order by no desc limit {Few}";

    static readonly string Users =
        $"""
        select id, name, email, role, locked, last_signed_in_at_micros from portal_user
        where account_no = $1 and removed_at_micros is null order by role, no limit {MostUsers + 1}
        """;

    static readonly string FailedMails =
        $"""
        select id, kind, state, to_address, subject, created_at_micros from mail
        where account_no = $1 and state in (3, 4) order by no desc limit {Few}
        """;

    const string Contact =
        """
        select contact_name, phone, billing_email, service_line1, service_line2, service_city, service_region,
          service_postal_code, service_country, billing_same, billing_line1, billing_line2, billing_city,
          billing_region, billing_postal_code, billing_country, credit_term_days
        from account_profile where account_no = $1
        """;

    static readonly string Deposits =
        $"""
        select e.amount_micros, e.recorded_at_micros from wallet w join entry e on e.wallet_no = w.no
        and e.seq = (select max(d.seq) from entry d where d.wallet_no = w.no and d.kind = {(int)EntryKind.Deposit})
        where w.account_no = $1
        """;

    public static async Task<AccountGlance> Read(
        Database database, int providerNo, long accountNo, bool records, CancellationToken ct)
    {
        var glance = new AccountGlance();
        var written = new List<ListedRecord>();
        List<PageQuestion> questions =
        [
            new(Waiting, row => glance.Waiting.Add(new GlanceApproval(
                row.Text(), (ApprovalKind)row.Small(), row.Text(), row.Text(), At(row.Long()))), accountNo),
            new(Notes, row => glance.Notes.Add(new GlanceNote(row.Text(), row.Text(), At(row.Long()))), accountNo),
            new(Users, row => glance.Users.Add(new GlanceUser(
                row.Text(), row.Text(), row.Text(), (Role)row.Small(), row.YesNo(),
                Instants.FromMicros(row.LongOrNull()))), accountNo),
            new(FailedMails, row => glance.FailedMails.Add(new GlanceMail(
                row.Text(), (NoticeKind)row.Small(), (MailState)row.Small(), row.Text(), row.TextOrNull(),
                At(row.Long()))), accountNo),
            new(Contact, row => ReadContact(glance, ref row), accountNo),
            new(Deposits, row => Latest(glance, new GlanceDeposit(row.Long(), At(row.Long()))), accountNo),
        ];
        if (records)
        {
            questions.Add(AuditTrailStore.Question(
                providerNo, new RecordFilter(AccountNo: accountNo), null, MostRecords, written));
        }
        await database.Reads.Ask(questions, ct);
        glance.Records = written;
        return glance;
    }

    static void ReadContact(AccountGlance glance, ref RowReader row)
    {
        var (name, phone, mail) = (row.Text(), row.Text(), row.Text());
        var service = ReadAddress(ref row);
        var same = row.YesNo();
        var billing = ReadAddress(ref row);
        glance.CreditTermDays = row.IntOrNull();
        glance.Contact = new GlanceContact(name, phone, mail, service, same ? null : billing);
    }

    static Address ReadAddress(ref RowReader row) =>
        new(row.Text(), row.Text(), row.Text(), row.Text(), row.Text(), row.Text());

    static void Latest(AccountGlance glance, GlanceDeposit deposit)
    {
        if (glance.LastDeposit is not { } former || former.At < deposit.At) glance.LastDeposit = deposit;
    }

    static Instant At(long micros) => Instants.FromMicros(micros);
}
