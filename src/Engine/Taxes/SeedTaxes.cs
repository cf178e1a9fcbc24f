using NodaTime;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Taxes;

/// <summary>Adds what this release ships of every table of taxes; run at every start.</summary>
public sealed class SeedTaxes(Database database, IClock clock)
{
    public async Task Run(CancellationToken ct = default)
    {
        await new SeedFactors(database, clock).Run(ct);
        await new SeedSalesTaxes(database, clock).Run(ct);
    }
}
