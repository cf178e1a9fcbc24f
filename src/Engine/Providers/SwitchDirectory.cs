using System.Collections.Concurrent;
using NodaTime;
using Tollkeeper.Engine.Storage;
using Tollkeeper.Providers;

namespace Tollkeeper.Engine.Providers;

/// <summary>
/// The numbers of switches by their names. A call costs one look into memory; when a switch was last seen is written at
/// most once a minute, by whoever polls, never by a call.
/// </summary>
public sealed class SwitchDirectory(Database database, IClock clock)
{
    /// <summary>
    /// How many switches a provider may have; a key's holder chooses names, and must not fill the table.
    /// </summary>
    public const int MostPerProvider = 1_000;

    const long SeenEveryMicros = 60_000_000;

    readonly ConcurrentDictionary<(int ProviderNo, string Name), Sighting> known = new();

    /// <summary>Registers the switch at its first use. Refusal: <see cref="Refusal.BadSwitch"/>.</summary>
    /// <param name="keyNo">By which key the switch asks; null: by none.</param>
    public ValueTask<Result<int>> Find(
        int providerNo, string name, long? keyNo = null, CancellationToken ct = default)
    {
        if (!known.TryGetValue((providerNo, name), out var sighting))
            return new(Register(providerNo, name, keyNo, ct));
        if (keyNo is { } key) sighting.KeyNo = key;
        sighting.LastMicros = clock.GetCurrentInstant().ToMicros();
        return new(sighting.No);
    }

    /// <summary>Writes the sightings of the last minutes, each switch at most once a minute.</summary>
    public async Task WriteSightings(CancellationToken ct)
    {
        var due = known.Values
            .Where(sighting => sighting.LastMicros - sighting.WrittenMicros >= SeenEveryMicros).ToList();
        if (due.Count == 0) return;
        await database.InTransaction<bool>(
            async (connection, transaction) =>
            {
                foreach (var sighting in due.OrderBy(sighting => sighting.No))
                    await SwitchStore.Seen(
                        connection, transaction, sighting.No, sighting.KeyNo, Instants.FromMicros(sighting.LastMicros));
                return true;
            },
            ct);
        foreach (var sighting in due) sighting.WrittenMicros = sighting.LastMicros;
    }

    async Task<Result<int>> Register(int providerNo, string name, long? keyNo, CancellationToken ct)
    {
        if (!SwitchName.Fits(name)) return Refusal.BadSwitch;
        var now = clock.GetCurrentInstant();
        var no = await database.InTransaction<int?>(
            (connection, transaction) =>
                SwitchStore.FindOrAdd(connection, transaction, providerNo, name, MostPerProvider, now), ct);
        if (no is not { } found)
            return new Refused(Refusal.BadSwitch, $"a provider has at most {MostPerProvider} switches");
        known.TryAdd((providerNo, name), new Sighting(found, now.ToMicros()) { KeyNo = keyNo ?? 0 });
        return found;
    }

    sealed class Sighting(int no, long micros)
    {
        long last = micros;
        long keyNo;

        public int No => no;

        public long LastMicros
        {
            get => Interlocked.Read(ref last);
            set => Interlocked.Exchange(ref last, value);
        }

        /// <summary>0 for none.</summary>
        public long KeyNo
        {
            get => Interlocked.Read(ref keyNo);
            set => Interlocked.Exchange(ref keyNo, value);
        }

        public long WrittenMicros { get; set; }
    }
}
