using System.Collections.Concurrent;
using NodaTime;
using Tollkeeper.Accounts;

namespace Tollkeeper.Host.SignIn;

/// <summary>The doors at which tries are counted by where they come from.</summary>
public enum Entrance
{
    SignIn,
    SecondStep,
    Passkey,
    Mail,
    Link,
    OpenedLink,

    /// <summary>By the address that a mail would go to, not by who asks.</summary>
    Mailbox,

    /// <summary>
    /// The same for whoever signs up, is invited or is to be somebody’s new address: it keeps nobody from a link that a
    /// user asks for.
    /// </summary>
    NewMailbox,

    /// <summary>By who invites, an account or a provider's staff: nobody tries out whose addresses are known here.
    /// </summary>
    Invitation,

    /// <summary>By user: what was asked for that is somebody else's, as far as it goes on record.</summary>
    Foreign,
}

/// <summary>
/// How many tries a door takes from one network within a time, on this node. What guards a user is elsewhere and counts
/// on all nodes together; this keeps one machine from trying all users, and from filling mailboxes.
/// </summary>
/// <param name="capacity">How many networks are remembered at once, at each door.</param>
public sealed class DoorLimits(IClock clock, int capacity = 50_000)
{
    // Each door its own: whoever fills the memory of one, with addresses that they make up, opens no other.
    readonly Dictionary<Entrance, ConcurrentDictionary<string, Window>> doors =
        Enum.GetValues<Entrance>().ToDictionary(door => door, _ => new ConcurrentDictionary<string, Window>());

    /// <summary>False when there were too many.</summary>
    public bool TryEnter(Entrance door, string from)
    {
        var now = clock.GetCurrentInstant();
        var (most, within) = LimitOf(door);
        var windows = doors[door];
        if (windows.Count >= capacity) Forget(windows, now);
        var window = windows.AddOrUpdate(
            from, _ => new Window(now + within, 1),
            (_, known) => known.Until <= now ? new Window(now + within, 1) : known with { Tries = known.Tries + 1 });
        return window.Tries <= most;
    }

    /// <summary>Whether this team may have a mail sent that invites the owner of an address.</summary>
    public bool TryInvite(Team team, EmailAddress address) =>
        TryEnter(Entrance.Invitation, $"{team.ProviderNo} {team.AccountNo}")
        && TryEnter(Entrance.NewMailbox, $"{team.ProviderNo} {address.Key}");

    static (int Most, Duration Within) LimitOf(Entrance door) => door switch
    {
        Entrance.SignIn => (40, Duration.FromMinutes(5)),
        Entrance.SecondStep => (40, Duration.FromMinutes(5)),
        Entrance.Passkey => (60, Duration.FromMinutes(5)),
        Entrance.Mail => (20, Duration.FromHours(1)),
        Entrance.Link => (40, Duration.FromHours(1)),
        Entrance.OpenedLink => (300, Duration.FromHours(1)),
        Entrance.Invitation => (30, Duration.FromHours(1)),
        Entrance.Foreign => (60, Duration.FromHours(1)),
        Entrance.Mailbox or Entrance.NewMailbox => (3, Duration.FromHours(1)),
    };

    void Forget(ConcurrentDictionary<string, Window> windows, Instant now)
    {
        foreach (var (key, window) in windows)
        {
            if (window.Until <= now) windows.TryRemove(key, out _);
        }
        // So many networks at once are an attack; to begin anew is better than to keep everybody out.
        if (windows.Count >= capacity) windows.Clear();
    }

    readonly record struct Window(Instant Until, int Tries);
}

/// <summary>On a page whose form is such a door: sending it is counted.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class GuardedAttribute(Entrance door) : Attribute
{
    public Entrance Entrance => door;
}
