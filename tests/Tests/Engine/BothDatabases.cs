using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tollkeeper.Tests.Engine;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>
/// A test that runs once on each database; its one parameter is the <see cref="DatabaseKind"/>. The run on PostgreSQL
/// has the trait <c>Category=needs-postgres</c>, so that the fast tests leave it out and keep the other.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Tollkeeper.Tests.Engine.BothDatabasesDiscoverer", "Tollkeeper.Tests")]
public sealed class BothDatabasesAttribute : FactAttribute;

public sealed class BothDatabasesDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        foreach (var kind in Enum.GetValues<DatabaseKind>())
        {
            var test = new XunitTestCase(
                diagnostics, discoveryOptions.MethodDisplayOrDefault(),
                discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, [kind]);
            if (kind == DatabaseKind.Postgres)
                test.Traits["Category"] = [.. test.Traits.GetValueOrDefault("Category", []), "needs-postgres"];
            yield return test;
        }
    }
}
