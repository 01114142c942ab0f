using System.Globalization;

namespace Bgp.Engine;

/// <summary>A neighbor's number within one speaker, dense from 0, stable while the speaker knows the neighbor, and another's some time after.</summary>
public readonly record struct PeerId(int Value)
{
    /// <summary>The speaker itself, as the source of what it originates.</summary>
    public static readonly PeerId Local = new(-1);

    /// <summary>Whoever is told only that we do not take its connection.</summary>
    public static readonly PeerId Nobody = new(-2);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// A TCP connection's number within its neighbor. Odd numbers are connections that the neighbor opened, even ones those that we opened.
/// </summary>
public readonly record struct ConnectionId(uint Value)
{
    public bool IsIncoming => (Value & 1) == 1;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Counts a neighbor's established sessions, from 1. What carries another generation than the present one is out of date and is dropped.</summary>
public readonly record struct SessionGeneration(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
