using System.Globalization;
using Tollkeeper.Engine.Jobs;
using Tollkeeper.Engine.Ledger;

namespace Tollkeeper.Host.Jobs;

/// <summary>The nightly audit: what <c>tollkeeper audit</c> computes, its findings kept for the office.</summary>
static class AuditedBooks
{
    public static async Task<JobDone> Run(Installation installation, JobWork work)
    {
        var zones = await DayZones.Of(installation.Database, work.Stop);
        var audit = new AuditBooks(installation.Database, zones);
        var report = await audit.Run(onRange: counts => work.Progress(counts.Wallets, 0), ct: work.Stop);
        await using var connection = await installation.Database.Connect(work.Stop);
        var owners = new Dictionary<long, int?>();
        foreach (var wallet in report.Findings.Select(finding => finding.WalletNo).Distinct())
            owners.Add(wallet, await WalletStore.ProviderOf(connection, wallet, work.Stop));
        var found = report.Findings.Select(finding => new JobFinding(
            owners[finding.WalletNo], finding.Name, $"{finding.Where}: {finding.Sentence}"));
        var counts = report.Counts;
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"entries {counts.Entries}, postings {counts.Postings}, calls {counts.Calls}, holds {counts.Holds}, "
            + $"wallets {counts.Wallets}");
        return new JobDone(detail, [.. found], report.FindingCount);
    }
}
