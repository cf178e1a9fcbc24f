using Tollkeeper.Engine.Storage;
using Tollkeeper.Engine.Taxes;
using Tollkeeper.Payments;

namespace Tollkeeper.Engine.Payments;

/// <summary>
/// Asks what a return in another currency says of a deposit (TAX-CA-08), by the rate of its tax date. Refusals:
/// <see cref="Refusal.UnknownDeposit"/>, <see cref="Refusal.ExchangeRateMissing"/>, which stops the return and never
/// the deposit.
/// </summary>
public sealed class ConvertDeposit(Database database)
{
    public async Task<Result<ConvertedDeposit>> Run(
        int providerNo, long accountNo, string id, Currency to, CancellationToken ct = default)
    {
        await using var connection = await database.Connect(ct);
        var found = await DepositStore.Find(connection, null, accountNo, id);
        if (found.Refused is { } unknown) return unknown;
        var deposit = found.Value;
        if (deposit.Base.Currency == to) return ConvertedDeposit.Of(deposit, null);
        var rate = await ExchangeRateStore.On(
            connection, null, providerNo, deposit.Base.Currency, to, deposit.TaxDate);
        return rate.Refused is { } missing ? missing : ConvertedDeposit.Of(deposit, rate.Value);
    }
}
