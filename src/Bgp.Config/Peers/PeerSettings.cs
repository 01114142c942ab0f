using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>What a neighbor and a peer group can both say. In a neighbor its group's fields are merged in.</summary>
public sealed record PeerSettings
{
    /// <summary><c>null</c> only in a group, which may leave it to its neighbors.</summary>
    public RemoteAs? Asn { get; init; }

    public string Description { get; init; } = "";

    public ushort Port { get; init; } = 179;

    public Asn? LocalAsn { get; init; }

    public LocalAsnMode LocalAsnMode { get; init; }

    public IpAddress? LocalAddress { get; init; }

    public bool Passive { get; init; }

    public bool Shutdown { get; init; }

    public string? ShutdownMessage { get; init; }

    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary><c>null</c>: a third of the negotiated hold time.</summary>
    public TimeSpan? Keepalive { get; init; }

    /// <summary><c>null</c>: the greater of 8 minutes and twice the hold time (RFC 9687).</summary>
    public TimeSpan? SendHoldTime { get; init; }

    public TimeSpan ConnectRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Each at most once, IPv4 first; <c>null</c>: the family of the address.</summary>
    public EquatableArray<FamilySettings>? Families { get; init; }

    public AddPathsSettings AddPaths { get; init; } = new();

    public bool ExtendedNextHop { get; init; } = true;

    public bool ExtendedMessages { get; init; } = true;

    public int? Multihop { get; init; }

    public int? TtlSecurity { get; init; }

    public Secret? Password { get; init; }

    public PasswordFile? PasswordFile { get; init; }

    public bool RouteReflectorClient { get; init; }

    public RouterId? ClusterId { get; init; }

    public bool RouteServerClient { get; init; }

    public NextHopMode NextHop { get; init; }

    public AddressPair NextHopAddress { get; init; } = new();

    public int AllowLocalAs { get; init; }

    public bool AsOverride { get; init; }

    public bool EnforceFirstAs { get; init; } = true;

    public RemovePrivateAsMode RemovePrivateAs { get; init; }

    public BgpRole? Role { get; init; }

    public bool RoleStrict { get; init; }

    public DefaultOriginate? DefaultOriginate { get; init; }

    public MaxPrefixesSettings MaxPrefixes { get; init; } = new();

    /// <summary>Policy names, in order.</summary>
    public EquatableArray<string> ImportPolicy { get; init; }

    /// <summary>Policy names, in order.</summary>
    public EquatableArray<string> ExportPolicy { get; init; }

    /// <summary><c>null</c>: as the router's.</summary>
    public GracefulRestartSettings? GracefulRestart { get; init; }

    public BfdSettings? Bfd { get; init; }

    /// <summary>The TCP MD5 key, from wherever it came.</summary>
    public Secret? EffectivePassword => Password ?? PasswordFile?.Key;
}
