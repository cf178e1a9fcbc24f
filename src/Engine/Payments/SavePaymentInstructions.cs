using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Payments;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Payments;

/// <param name="Texts">In each language; an empty one says nothing any more.</param>
/// <param name="From">Null, or before now: from now on.</param>
/// <param name="Version">The number of the newest that whoever writes has seen; 0 for none.</param>
public sealed record PaymentInstructions(
    PaymentMethod Method, IReadOnlyDictionary<Language, string> Texts, Instant? From, long Version)
{
    public const int Longest = 2_000;

    /// <summary>Refusals with their fields: <see cref="Refusal.MethodNotOffered"/>, <see cref="Refusal.BadText"/>.
    /// </summary>
    public IEnumerable<Refused> Problems()
    {
        if (!OfflineMethod.All.Contains(Method)) yield return new Refused(Refusal.MethodNotOffered, nameof(Method));
        foreach (var (language, text) in Texts)
            if (text.Length > Longest || !text.Split('\n').All(IsLine))
                yield return new Refused(Refusal.BadText, $"Text{language}");
    }

    /// <summary>Lines may be broken; nothing else that cannot be seen may stand in it.</summary>
    static bool IsLine(string line) => string.IsNullOrWhiteSpace(line) || PlainText.Fits(line, Longest);
}

/// <summary>
/// Says anew how customers pay by a method. Refusals: those of <see cref="PaymentInstructions.Problems"/>, and
/// <see cref="Refusal.ChangedMeanwhile"/>.
/// </summary>
public sealed class SavePaymentInstructions(Database database, IClock clock)
{
    public Task<Result<bool>> Run(
        int providerNo, PaymentInstructions wanted, Actor by, CancellationToken ct = default) =>
        database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                var tidy = wanted with
                {
                    Texts = wanted.Texts.ToDictionary(
                        one => one.Key, one => one.Value.ReplaceLineEndings("\n").Trim()),
                };
                if (tidy.Problems().FirstOrDefault() is { } problem) return problem;
                var now = clock.GetCurrentInstant();
                var known = await PaymentInstructionStore.Of(connection, transaction, providerNo, wanted.Method, 1);
                if ((known.Count == 0 ? 0 : known[0].No) != wanted.Version) return Refusal.ChangedMeanwhile;
                var from = wanted.From is { } day && day > now ? day : now;
                foreach (var (language, text) in tidy.Texts)
                {
                    await PaymentInstructionStore.Insert(
                        connection, transaction, providerNo, wanted.Method, language, text, from, now, by.Name);
                }
                await AuditRecordStore.Insert(
                    connection, transaction,
                    new AuditRecord(
                        Act.PaymentInstructionsSaved, providerNo, by.UserNo, null, $"{wanted.Method}", by.Name,
                        by.Address)
                    { After = $"from {from}" },
                    now);
                return true;
            },
            ct);
}
