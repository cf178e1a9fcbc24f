using Tollkeeper.Engine.Ledger;
using Tollkeeper.Engine.Storage;
using Xunit;

namespace Tollkeeper.Tests.Engine.Ledger;

/// <summary>The audit as a test's last word: nothing in the books contradicts anything else.</summary>
static class Audited
{
    public static async Task Clean(Database database, string where)
    {
        var report = await new AuditBooks(database, _ => null).Run();
        Assert.True(report.Clean, where + " " + string.Join('\n', report.Findings.Take(10)));
    }
}
