using System.Text;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Which column holds what of a hold, a call, an entry: one definition that writes and reads on both databases.
/// </summary>
static class BookRows
{
    public static Table<Hold> Holds { get; } = new Table<Hold>("hold")
        .Uuid("call_key", hold => hold.Key.Value)
        .Long("wallet_no", hold => hold.WalletNo)
        .Long("account_no", hold => hold.AccountNo)
        .Int("switch_no", hold => hold.SwitchNo)
        .Text("call", hold => hold.Call)
        .YesNo("billable", hold => hold.Billable)
        .Long("expires_at_micros", hold => hold.ExpiresAt.ToMicros())
        .Long("expired_at_micros", hold => hold.ExpiredAt?.ToMicros())
        .Long("held_micros", hold => hold.HeldMicros)
        .Bytes("details", HoldDetails.Write);

    public static Hold ReadHold(ref RowReader row) => HoldDetails.Read(
        new CallKey(row.Uuid()), row.Long(), row.Long(), row.Int(), row.Text(), row.YesNo(),
        Instants.FromMicros(row.Long()), Instants.FromMicros(row.LongOrNull()), row.Long(), row.Bytes());

    public static Table<Call> Calls { get; } = new Table<Call>("call")
        .Long("wallet_no", call => call.WalletNo)
        .Long("n", call => call.N)
        .Uuid("call_key", call => call.Key.Value)
        .Long("account_no", call => call.AccountNo)
        .Int("switch_no", call => call.SwitchNo)
        .Text("call", call => call.CallId)
        .Small("direction", call => (short)call.Direction)
        .Text("from_number", call => call.From)
        .Text("to_number", call => call.To)
        .YesNo("billable", call => call.Billable)
        .Text("currency", call => call.Currency.Code)
        .Long("started_at_micros", call => call.StartedAt.ToMicros())
        .Long("answered_at_micros", call => call.AnsweredAt?.ToMicros())
        .Long("ended_at_micros", call => call.EndedAt.ToMicros())
        .Long("recorded_at_micros", call => call.RecordedAt.ToMicros())
        .Int("seconds", call => call.Seconds)
        .Int("granted_seconds", call => call.GrantedSeconds)
        .Int("billed_seconds", call => call.BilledSeconds)
        .Int("overrun_seconds", call => call.OverrunSeconds)
        .Small("disposition", call => (short)call.Disposition)
        .Int("sip_code", call => call.SipCode)
        .YesNo("stale", call => call.Stale)
        .Long("charge_micros", call => call.ChargeMicros)
        .Long("tax_micros", call => call.TaxMicros)
        .Long("balance_micros", call => call.BalanceMicros)
        .Long("entry_seq", call => call.EntrySeq)
        .Uuid("end_content", call => call.EndContent.Value)
        .Text("first_answer", call => call.FirstAnswer?.Text)
        .Int("policy_version", call => call.PolicyVersion)
        .Int("deck_no", call => call.Terms.DeckNo)
        .Int("deck_version", call => call.Terms.DeckVersion)
        .Text("prefix", call => call.Terms.Prefix)
        .Text("destination", call => call.Terms.Destination)
        .Long("rate_e8", call => call.Terms.RateE8)
        .Text("terms", call => call.Terms.Text);

    public static Call ReadCall(ref RowReader row) => new()
    {
        WalletNo = row.Long(),
        N = row.Long(),
        Key = new CallKey(row.Uuid()),
        AccountNo = row.Long(),
        SwitchNo = row.Int(),
        CallId = row.Text(),
        Direction = (Directions)row.Small(),
        From = row.Text(),
        To = row.Text(),
        Billable = row.YesNo(),
        Currency = Currency.Of(row.Text()),
        StartedAt = Instants.FromMicros(row.Long()),
        AnsweredAt = Instants.FromMicros(row.LongOrNull()),
        EndedAt = Instants.FromMicros(row.Long()),
        RecordedAt = Instants.FromMicros(row.Long()),
        Seconds = row.Int(),
        GrantedSeconds = row.IntOrNull(),
        BilledSeconds = row.Int(),
        OverrunSeconds = row.Int(),
        Disposition = (Disposition)row.Small(),
        SipCode = row.IntOrNull(),
        Stale = row.YesNo(),
        ChargeMicros = row.Long(),
        TaxMicros = row.Long(),
        BalanceMicros = row.Long(),
        EntrySeq = row.LongOrNull(),
        EndContent = new ContentHash(row.Uuid()),
        FirstAnswer = FirstAnswer.Read(row.TextOrNull()),
        PolicyVersion = row.Int(),
        Terms = ReadTerms(ref row),
    };

    public static Table<Renewal> Renewals { get; } = new Table<Renewal>("renewal")
        .Uuid("call_key", renewal => renewal.Key.Value)
        .Int("elapsed_seconds", renewal => renewal.ElapsedSeconds)
        .Int("granted_seconds", renewal => renewal.GrantedSeconds)
        .Long("held_micros", renewal => renewal.HeldMicros)
        .YesNo("final", renewal => renewal.Final)
        .Int("renew_in_seconds", renewal => renewal.RenewInSeconds);

    public static Renewal ReadRenewal(ref RowReader row) =>
        new(new CallKey(row.Uuid()), row.Int(), row.Int(), row.Long(), row.YesNo(), row.Int());

    public static Table<Entry> Entries { get; } = new Table<Entry>("entry")
        .Long("wallet_no", entry => entry.WalletNo)
        .Long("seq", entry => entry.Seq)
        .Small("kind", entry => (short)entry.Kind)
        .Long("amount_micros", entry => entry.AmountMicros)
        .Long("balance_micros", entry => entry.BalanceMicros)
        .Long("occurred_at_micros", entry => entry.OccurredAt.ToMicros())
        .Long("recorded_at_micros", entry => entry.RecordedAt.ToMicros())
        .Long("call_n", entry => entry.CallN)
        .Text("reference", entry => entry.Reference)
        .Long("reverses_seq", entry => entry.ReversesSeq)
        .Bytes("hash", entry => entry.Hash);

    /// <summary>An entry without its postings, which stand in a table of their own.</summary>
    public static Entry ReadEntry(ref RowReader row) => new()
    {
        WalletNo = row.Long(),
        Seq = row.Long(),
        Kind = (EntryKind)row.Small(),
        AmountMicros = row.Long(),
        BalanceMicros = row.Long(),
        OccurredAt = Instants.FromMicros(row.Long()),
        RecordedAt = Instants.FromMicros(row.Long()),
        CallN = row.LongOrNull(),
        Reference = row.TextOrNull(),
        ReversesSeq = row.LongOrNull(),
        Hash = row.Bytes(),
        Postings = [],
    };

    public static Table<PostingRow> Postings { get; } = new Table<PostingRow>("posting")
        .Long("wallet_no", row => row.WalletNo)
        .Long("seq", row => row.Seq)
        .Small("n", row => row.N)
        .Text("debit", row => row.Posting.Debit)
        .Text("credit", row => row.Posting.Credit)
        .Long("amount_micros", row => row.Posting.AmountMicros);

    public static List<PostingRow> PostingsOf(IReadOnlyList<Entry> entries)
    {
        var rows = new List<PostingRow>(entries.Count * 2);
        foreach (var entry in entries)
            for (var i = 0; i < entry.Postings.Count; i++)
                rows.Add(new PostingRow(entry.WalletNo, entry.Seq, (short)(i + 1), entry.Postings[i]));
        return rows;
    }

    public static Table<KeptKey> Keys { get; } = new Table<KeptKey>("entry_key")
        .Uuid("key", key => key.Key.Value)
        .Long("wallet_no", key => key.WalletNo)
        .Long("seq", key => key.Seq)
        .Uuid("content", key => key.Content.Value)
        .Long("balance_micros", key => key.BalanceMicros)
        .Long("amount_micros", key => key.AmountMicros);

    public static KeptKey ReadKey(ref RowReader row) =>
        new(new EntryKey(row.Uuid()), row.Long(), row.Long(), new ContentHash(row.Uuid()), row.Long(), row.Long());

    public static Table<Crossing> Crossings { get; } = new Table<Crossing>("crossing")
        .Long("wallet_no", crossing => crossing.WalletNo)
        .Long("seq", crossing => crossing.Seq)
        .Small("kind", crossing => (short)crossing.Kind)
        .YesNo("downwards", crossing => crossing.Downwards)
        .Long("threshold_micros", crossing => crossing.ThresholdMicros)
        .Long("balance_micros", crossing => crossing.BalanceMicros)
        .Long("at_micros", crossing => crossing.At.ToMicros());

    static KeptTerms ReadTerms(ref RowReader row)
    {
        var terms = new KeptTerms
        {
            DeckNo = row.Int(),
            DeckVersion = row.Int(),
            Prefix = row.Text(),
            Destination = row.Text(),
            RateE8 = row.Long(),
        };
        Demand.That(KeptTerms.TryRead(Encoding.UTF8.GetBytes(row.Text()), ref terms), "a call's terms can be read");
        return terms;
    }
}

/// <summary>A posting with its place: the n-th of one entry of one wallet.</summary>
readonly record struct PostingRow(long WalletNo, long Seq, short N, Posting Posting);
