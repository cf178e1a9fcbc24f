using Tollkeeper.Charging;
using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>Writes the receipt of one call of one account.</summary>
public sealed class FindReceipt(Database database)
{
    /// <summary>Null where the account has no such call: another's call is as good as none.</summary>
    public async Task<Receipt?> Of(int providerNo, long accountNo, CallKey key, CancellationToken ct)
    {
        if (await ReceiptStore.Call(database, key, accountNo, ct) is not var (call, deck, from)) return null;
        var (entry, former, mirror) = call.EntrySeq is { } seq
            ? await ReceiptStore.Entry(database, providerNo, new EntryRef(call.WalletNo, seq), ct)
            : default;
        return Receipt.Of(call, entry, former) with { DeckName = deck, DeckFrom = from, Reversal = mirror };
    }

    /// <summary>Whether it is anybody's call.</summary>
    public Task<bool> Exists(CallKey key, CancellationToken ct) => ReceiptStore.Exists(database, key, ct);
}
