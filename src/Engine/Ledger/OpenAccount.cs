using System.Data.Common;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Providers;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Ledger;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Ledger;

/// <summary>
/// Makes an account together with its wallets: one, or one for each direction, as the provider's policy of the moment
/// says (R51, C8). Refusals are those of <see cref="CreateAccount"/>.
/// </summary>
public sealed class OpenAccount(Database database, IClock clock)
{
    /// <param name="also">What else belongs to it in the same transaction; where it refuses, nothing is made.</param>
    public Task<Result<CreatedAccount>> Run(
        NewAccount wanted, Func<DbConnection, DbTransaction, CreatedAccount, Task<Refused?>>? also = null,
        CancellationToken ct = default) =>
        new CreateAccount(
            database, clock,
            async (connection, transaction, created, of) =>
            {
                await AddWallets(connection, transaction, created, of);
                return also is null ? null : await also(connection, transaction, created);
            }).Run(wanted, ct);

    async Task AddWallets(DbConnection connection, DbTransaction transaction, CreatedAccount created, NewAccount wanted)
    {
        var code = wanted.Type switch
        {
            AccountType.Prepaid => LedgerCode.PrepaidLiability,
            AccountType.Postpaid => LedgerCode.Unbilled,
        };
        var policies = await ProviderStore.Policies(connection, transaction);
        var policy = PolicyVersion.InForce(
            [.. policies.Where(p => p.ProviderNo == wanted.ProviderNo)], clock.GetCurrentInstant());
        Demand.That(policy is not null, "a provider has a policy from its creation on");
        foreach (var name in NamesOf(policy.Policy.Wallets.Plan))
        {
            await WalletStore.Add(
                connection, transaction, created.No, wanted.ProviderNo, name, wanted.Currency, code);
        }
    }

    static string[] NamesOf(WalletPlan plan) => plan switch
    {
        WalletPlan.Main => [WalletName.Main],
        WalletPlan.InboundAndOutbound => [WalletName.Outbound, WalletName.Inbound],
    };
}
