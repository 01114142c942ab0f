namespace Bgp.Load;

/// <summary>One neighbor of the daemon, played by us.</summary>
internal sealed record ClientPlan
{
    /// <summary>Its number, from 0; its address and router id follow from it.</summary>
    public required int Index { get; init; }

    public required uint Asn { get; init; }

    /// <summary>Whether the daemon reflects to and from it.</summary>
    public bool IsReflectorClient { get; init; }

    /// <summary>Whether the daemon tells it routes at all.</summary>
    public bool IsReceiver { get; init; }

    /// <summary>What it announces, encoded; empty for one that only receives.</summary>
    public byte[] Announcements { get; init; } = [];

    /// <summary>How many prefixes that announces.</summary>
    public int AnnouncedPrefixes { get; init; }

    /// <summary>How it reads, where it does not read as fast as it can.</summary>
    public ReadSpeed Speed { get; init; } = ReadSpeed.Full;

    public uint Address => LoadAddresses.Client(Index);
}
