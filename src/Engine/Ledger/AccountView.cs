using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Ledger;

/// <summary>An account as pages and customers see it: its facts, what suspends it, its wallets.</summary>
public sealed record AccountView(AccountFacts Facts, IReadOnlyList<Suspension> Suspensions,
    IReadOnlyList<WalletState> Wallets)
{
    /// <summary>Null where there is no such account.</summary>
    public static async Task<AccountView?> Of(Database database, long accountNo, CancellationToken ct)
    {
        await using var connection = await database.Connect(ct);
        var facts = await AccountStore.LoadFacts(connection, null, [accountNo], ct);
        if (!facts.TryGetValue(accountNo, out var found)) return null;
        var suspensions = await AccountStore.Suspensions(connection, accountNo);
        return new AccountView(found, suspensions, await WalletStore.Of(connection, accountNo, ct));
    }
}
