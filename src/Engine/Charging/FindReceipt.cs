using Tollkeeper.Charging;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;

namespace Tollkeeper.Engine.Charging;

/// <summary>Writes the receipt of one call of one account.</summary>
public sealed class FindReceipt(Database database)
{
    /// <summary>Null where the account has no such call: another's call is as good as none.</summary>
    public async Task<Receipt?> Of(long accountNo, CallKey key, CancellationToken ct)
    {
        if (await ReceiptStore.Call(database, key, accountNo, ct) is not { } call) return null;
        if (call.EntrySeq is not { } seq) return Receipt.Of(call, null, null);
        var (entry, former) = await ReceiptStore.Entry(database, call.WalletNo, seq, ct);
        return Receipt.Of(call, entry, former);
    }
}
