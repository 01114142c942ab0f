using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The speaker as a whole.</summary>
public sealed record RouterSettings
{
    public Asn Asn { get; init; }

    /// <summary><c>null</c>: the daemon chooses one of the host's addresses.</summary>
    public RouterId? RouterId { get; init; }

    /// <summary><c>null</c>: the router id (RFC 4456 §7).</summary>
    public RouterId? ClusterId { get; init; }

    public bool ClientToClient { get; init; } = true;

    public EquatableArray<ListenEndpoint> Listen { get; init; } =
        [new ListenEndpoint(IpAddress.V4(0), 179), new ListenEndpoint(IpAddress.V6(0, 0), 179)];

    public uint DefaultLocalPref { get; init; } = 100;

    public MultipathConfig Multipath { get; init; } = new(16, 16);

    public BestPathConfig BestPath { get; init; } = new(false, false);

    /// <summary>RFC 8212.</summary>
    public bool EbgpRequiresPolicy { get; init; } = true;

    public Confederation? Confederation { get; init; }

    public GracefulRestartSettings GracefulRestart { get; init; } = new();
}
