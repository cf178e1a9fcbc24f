using System.Collections.Concurrent;
using Tollkeeper.Accounts;
using Tollkeeper.Engine.Storage;

namespace Tollkeeper.Engine.Accounts;

/// <summary>
/// The numbers of accounts by what switches call them: the public id or a SIP user's name. A name's account never
/// changes, so what was once found is kept; there may be a million, so only the lately used are.
/// </summary>
/// <param name="capacity">About how many names are kept.</param>
public sealed class AccountDirectory(Database database, int capacity = 200_000)
{
    // Two generations: when the younger is full it becomes the older, and the older is forgotten whole.
    ConcurrentDictionary<(int ProviderNo, string Account), long> younger = new();
    ConcurrentDictionary<(int ProviderNo, string Account), long> older = new();
    int added;

    /// <summary>Refusal: <see cref="Refusal.UnknownAccount"/>. An unknown name is looked up anew each time.</summary>
    public ValueTask<Result<long>> Find(int providerNo, string account, CancellationToken ct = default)
    {
        var key = (providerNo, account);
        if (younger.TryGetValue(key, out var no)) return new(no);
        if (!older.TryGetValue(key, out no)) return new(Load(key, ct));
        Keep(key, no);
        return new(no);
    }

    async Task<Result<long>> Load((int ProviderNo, string Account) key, CancellationToken ct)
    {
        if (!PublicId.TryParse(key.Account, PublicId.Account, out _) && !SipUserName.Fits(key.Account))
            return Refusal.UnknownAccount;
        await using var connection = await database.Connect(ct);
        if (await AccountStore.FindNo(connection, key.ProviderNo, key.Account) is not { } no)
            return Refusal.UnknownAccount;
        Keep(key, no);
        return no;
    }

    void Keep((int ProviderNo, string Account) key, long no)
    {
        if (!younger.TryAdd(key, no)) return;
        if (Interlocked.Increment(ref added) * 2 < capacity) return;
        Interlocked.Exchange(ref added, 0);
        older = Interlocked.Exchange(ref younger, new ConcurrentDictionary<(int ProviderNo, string Account), long>());
    }
}
