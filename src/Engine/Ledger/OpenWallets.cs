using System.Data.Common;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Ledger;

/// <summary>Gives a new account its wallets: one, or one for each direction, as the policy says (R51, C8).</summary>
public static class OpenWallets
{
    /// <summary>In the transaction that makes the account; an account that has wallets keeps them.</summary>
    public static async Task Open(DbConnection connection, DbTransaction transaction, AccountFacts account, WalletRules rules)
    {
        var code = account.Type switch
        {
            AccountType.Prepaid => LedgerCode.PrepaidLiability,
            AccountType.Postpaid => LedgerCode.Unbilled,
        };
        foreach (var name in NamesOf(rules.Plan))
            await WalletStore.Add(connection, transaction, account, name, code);
    }

    static string[] NamesOf(WalletPlan plan) => plan switch
    {
        WalletPlan.Main => [WalletName.Main],
        WalletPlan.InboundAndOutbound => [WalletName.Outbound, WalletName.Inbound],
    };
}
