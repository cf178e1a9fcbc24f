using Tollkeeper.Engine.Ledger;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>Money that a bank asks back, and what that did in the books.</summary>
/// <param name="GatewayId">The gateway's name of it.</param>
/// <param name="Back">What leaves the wallet, with the taxes that are given back; null before that was decided.</param>
/// <param name="Due">The tax that stays due from the customer.</param>
/// <param name="Entry">The entry that took it; null before.</param>
/// <param name="Reversed">It was won, and the entry is reversed.</param>
/// <param name="ToldStage">Up to where the customer was told; 0: of nothing.</param>
public sealed record Dispute(
    long No, long PaymentNo, long DepositNo, int ProviderNo, long AccountNo, string GatewayId, DisputeStage Stage,
    Money Amount, MoneyBack? Back, Money? Due, EntryRef? Entry, bool Reversed, int ToldStage);
