namespace Tollkeeper.Engine;

/// <summary>Names this assembly, for tests that walk its types.</summary>
public static class EngineAssembly;
