namespace Tollkeeper;

/// <summary>Light or dark; without a choice the reader's machine decides.</summary>
public enum Theme
{
    System = 0,
    Light = 1,
    Dark = 2,
}
