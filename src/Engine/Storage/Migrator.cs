using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Tollkeeper.Engine.Storage;

/// <summary>What <c>TOLLKEEPER_MIGRATE</c> asks for: bring the schema up to this release, or only look.</summary>
public enum MigrateMode
{
    Auto = 0,
    Check = 1,
}

/// <summary>
/// The schema that a database has now: its newest migration's number (0: none), and how many were applied just now.
/// </summary>
public readonly record struct SchemaState(int Number, int Applied);

/// <summary>One numbered step of the schema, in the database's own dialect.</summary>
public sealed record Migration(int Number, string What, string Text)
{
    /// <summary>
    /// SHA-256 of the text, lower-case hexadecimal; line ends are LF whatever the checkout made of them.
    /// </summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}

/// <summary>
/// Applies the numbered migrations in order, each in one transaction and under a lock, so that several nodes may
/// start at once. A schema newer than this release is refused; a migration that was edited after its release is a
/// bug.
/// </summary>
public sealed class Migrator(Database database, IClock clock)
{
    readonly MigrationStore store = new(database);

    /// <summary>
    /// Refusals: <see cref="Refusal.SchemaNewer"/> and <see cref="Refusal.SchemaDiffers"/> always,
    /// <see cref="Refusal.SchemaOlder"/> with <see cref="MigrateMode.Check"/>.
    /// </summary>
    public async Task<Result<SchemaState>> Run(MigrateMode mode, CancellationToken ct = default)
    {
        var shipped = Shipped(database.IsPostgres);
        if (mode == MigrateMode.Check)
        {
            var seen = Judge(shipped, await store.Applied(ct));
            return seen.Accepted && seen.Value < shipped.Count
                ? new Refused(Refusal.SchemaOlder, $"schema {seen.Value}, this release needs {shipped.Count}")
                : seen.Refused is { } no ? no : new SchemaState(seen.Value, 0);
        }

        var applied = 0;
        for (var step = 0; step <= shipped.Count; step++)
        {
            var next = await store.ApplyNext(
                rows => Next(shipped, rows), () => clock.GetCurrentInstant().ToMicros(), ct);
            if (next.Refused is { } refused) return refused;
            if (next.Value is null) return new SchemaState(shipped.Count, applied);
            applied++;
        }
        throw new InvalidOperationException("Every migration was applied, and one more was asked for.");
    }

    /// <summary>The migrations of this release for one of the two databases, numbered from 1 without a gap.</summary>
    public static IReadOnlyList<Migration> Shipped(bool postgres)
    {
        var ending = postgres ? ".postgres.sql" : ".sqlite.sql";
        var assembly = typeof(Migrator).Assembly;
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Migrations/", StringComparison.Ordinal)
                && name.EndsWith(ending, StringComparison.Ordinal))
            .Select(name => Read(name, name["Migrations/".Length..^ending.Length]))
            .OrderBy(migration => migration.Number)
            .ToList();
        for (var i = 0; i < migrations.Count; i++)
            Demand.That(migrations[i].Number == i + 1, $"migration {i + 1} follows migration {i}");
        return migrations;

        Migration Read(string resource, string name)
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var number = int.Parse(name.AsSpan(0, 4), System.Globalization.NumberStyles.None, provider: null);
            return new Migration(number, name[5..], reader.ReadToEnd().ReplaceLineEndings("\n"));
        }
    }

    static Result<Migration?> Next(IReadOnlyList<Migration> shipped, IReadOnlyList<AppliedMigration> applied)
    {
        var judged = Judge(shipped, applied);
        if (judged.Refused is { } refused) return refused;
        return judged.Value < shipped.Count ? shipped[judged.Value] : null;
    }

    /// <summary>How many of the shipped migrations the database has, when they are the same ones.</summary>
    static Result<int> Judge(IReadOnlyList<Migration> shipped, IReadOnlyList<AppliedMigration> applied)
    {
        if (applied.Count > shipped.Count)
            return new Refused(Refusal.SchemaNewer, $"schema {applied.Count}, this release knows {shipped.Count}");
        for (var i = 0; i < applied.Count; i++)
        {
            Demand.That(applied[i].Number == i + 1, $"the database's migration {i + 1} is recorded");
            if (!string.Equals(applied[i].Sha256, shipped[i].Sha256, StringComparison.Ordinal))
                return new Refused(Refusal.SchemaDiffers, $"migration {i + 1}, {shipped[i].What}");
        }
        return applied.Count;
    }
}
