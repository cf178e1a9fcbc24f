using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// A wallet as its row says it, read under the row's lock. Micros; instants in microseconds since 1970.
/// </summary>
public sealed record WalletRow
{
    public required long No { get; init; }
    public required long AccountNo { get; init; }
    public required int ProviderNo { get; init; }
    public required string Name { get; init; }
    public required Currency Currency { get; init; }
    public required string LedgerCode { get; init; }
    public required long BalanceMicros { get; init; }
    public required long HeldMicros { get; init; }
    public required long Seq { get; init; }
    public required long Calls { get; init; }
    public required byte[] Chain { get; init; }
    public required long LastAtMicros { get; init; }
    public required string Floors { get; init; }
    public required string LineUse { get; init; }
    public required int Day { get; init; }
    public required int DayCalls { get; init; }
    public required long DaySpentMicros { get; init; }
    public required long MonthSpentMicros { get; init; }

    /// <summary>Where automatic billing charges; null: it does not.</summary>
    public long? AutomaticMicros { get; init; }
}

/// <summary>One wallet during a batch: what was read, and what the decisions made of it so far.</summary>
public sealed class WalletBooks(WalletRow row)
{
    IReadOnlyList<FloorRecord>? floors;

    public WalletRow Read { get; } = row;
    public long No => Read.No;
    public long BalanceMicros { get; internal set; } = row.BalanceMicros;
    public long HeldMicros { get; internal set; } = row.HeldMicros;
    public long Seq { get; internal set; } = row.Seq;
    public long Calls { get; internal set; } = row.Calls;
    public byte[] Chain { get; internal set; } = row.Seq == 0 ? EntryChain.Start(row.No) : row.Chain;
    public Instant LastAt { get; internal set; } = Instants.FromMicros(row.LastAtMicros);
    public string LineUse { get; internal set; } = row.LineUse;
    public int Day { get; internal set; } = row.Day;
    public int DayCalls { get; internal set; } = row.DayCalls;
    public long DaySpentMicros { get; internal set; } = row.DaySpentMicros;
    public long MonthSpentMicros { get; internal set; } = row.MonthSpentMicros;
    public long? AutomaticMicros { get; internal set; } = row.AutomaticMicros;
    internal bool Dirty { get; set; }

    /// <summary>The dated records that say how low it may go.</summary>
    public IReadOnlyList<FloorRecord> Floors
    {
        get => floors ??= Floor.Read(Read.Floors);
        internal set => floors = value;
    }

    public long FloorMicros(Instant at) => Floor.At(Floors, at);

    /// <summary>What may still be held or spent: balance less floor less what is held; may be negative.</summary>
    public long AvailableMicros(Instant at) => checked(BalanceMicros - FloorMicros(at) - HeldMicros);
}

/// <summary>An account during a batch: its facts and its wallets in the order of their numbers.</summary>
public sealed class AccountBooks(AccountFacts facts, IReadOnlyList<WalletBooks> wallets, Instant now)
{
    List<LineCount>? lines;

    public AccountFacts Facts { get; internal set; } = facts;
    public IReadOnlyList<WalletBooks> Wallets { get; } = wallets;

    /// <summary>
    /// The instant that this batch records: now, but never before what the account's wallets recorded last.
    /// </summary>
    public Instant At { get; } = wallets.Aggregate(now, static (at, wallet) => wallet.LastAt > at ? wallet.LastAt : at);

    public WalletBooks Wallet(Directions direction)
    {
        if (Wallets.Count == 1) return Wallets[0];
        var name = direction == Directions.Inbound ? WalletName.Inbound : WalletName.Outbound;
        return Wallets.First(wallet => wallet.Read.Name == name);
    }

    public bool Owns(long walletNo) => Wallets.Any(wallet => wallet.No == walletNo);

    public WalletBooks? WalletNamed(string name) => Wallets.FirstOrDefault(wallet => wallet.Read.Name == name);

    public IReadOnlyList<LineCount> Lines => LinesRead();

    public LineCount? LineOf(int switchNo)
    {
        foreach (var line in Lines)
            if (line.SwitchNo == switchNo) return line;
        return null;
    }

    internal void Keep(LineCount line)
    {
        var all = LinesRead();
        var at = all.FindIndex(each => each.SwitchNo == line.SwitchNo);
        if (at < 0) all.Add(line);
        else all[at] = line;
        // A switch without calls whose bucket is full again is as good as one that was never seen.
        all.RemoveAll(each => each != line && each.Active == 0 && At.ToMicros() - each.TokensAtMicros > 1_000_000);
        Wallets[0].LineUse = LineUse.Write(all);
        Wallets[0].Dirty = true;
    }

    List<LineCount> LinesRead() => lines ??= LineUse.Read(Wallets[0].Read.LineUse);
}

/// <summary>The names that wallets have: one main one, or one for each direction (R51, C8).</summary>
public static class WalletName
{
    public const string Main = "main";
    public const string Outbound = "outbound";
    public const string Inbound = "inbound";

    /// <summary>The calls that a wallet of this name pays for.</summary>
    public static Directions Pays(string name) => name switch
    {
        Outbound => Directions.Outbound,
        Inbound => Directions.Inbound,
        _ => Directions.Both,
    };
}
