namespace Bgp.Simulation;

/// <summary>A run that cannot go on or did not come to rest; the message says why.</summary>
public sealed class SimulationException(string message) : Exception(message);
