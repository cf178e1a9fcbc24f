namespace Tollkeeper;

/// <summary>The directions of calls, seen from the account; a set.</summary>
[Flags]
public enum Directions
{
    None = 0,
    Outbound = 1,
    Inbound = 2,
    Both = Outbound | Inbound,
}
