using System.Security.Cryptography;
using NodaTime;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Accounts;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Rating;

namespace Tollkeeper.Engine.Rating;

/// <summary>
/// Begins a new version of a deck with a file. Refusals: <see cref="Refusal.DraftOpen"/>,
/// <see cref="Refusal.DeckEmpty"/>, <see cref="Refusal.FileTooLarge"/>, <see cref="Refusal.FileNotUtf8"/>,
/// <see cref="Refusal.FileUnreadable"/>.
/// </summary>
public sealed class UploadDeck(Database database, IClock clock)
{
    const int LongestName = 120;

    public async Task<Result<PublicId>> Run(
        Person by, Deck deck, string fileName, byte[] file, DraftOptions options, string address,
        CancellationToken ct = default)
    {
        if (file.Length == 0) return Refusal.DeckEmpty;
        if (file.Length > DraftFile.MaxBytes) return Refusal.FileTooLarge;
        var preview = DraftFile.Preview(new MemoryStream(file, writable: false));
        if (preview.Refused is { } unreadable) return unreadable;
        var name = PlainText.Fits(fileName, LongestName) ? fileName : "deck.csv";
        var (packed, sha256) = (DraftFile.Pack(file), Convert.ToHexStringLower(SHA256.HashData(file)));
        var id = Database.NewId(PublicId.Draft);
        return await database.InTransaction<PublicId>(
            async (connection, transaction) =>
            {
                var now = clock.GetCurrentInstant();
                var no = await DeckDraftStore.Insert(
                    connection, transaction, id.Text, deck, name, sha256, packed, options, by.UserNo, by.Email, now);
                if (no is null) return Refusal.DraftOpen;
                await AuditRecordStore.Insert(
                    connection, transaction, DraftRecords.Of(Act.DeckUploaded, by, deck.Id.Text, name, address), now);
                return id;
            },
            ct);
    }
}

/// <summary>What is on record of a deck on its way.</summary>
static class DraftRecords
{
    public static AuditRecord Of(Act act, Person by, string deckId, string details, string address) =>
        new(act, by.ProviderNo, by.UserNo, null, deckId, details, address);
}
