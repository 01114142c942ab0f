using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The settings that stand in an OPEN or in a connection: a change of any of them resets the session, a change of anything else does not.
/// One line a setting; compared by value.
/// </summary>
internal readonly record struct SessionSettings(
    NeighborKey Key,
    IpAddress LocalAddress,
    Asn LocalAsn,
    LocalAsnMode LocalAsnMode,
    Asn RemoteAsn,
    SessionType Type,
    RouterId RouterId,
    TimeSpan HoldTime,
    TimeSpan? Keepalive,
    FamilySettings Families,
    bool ExtendedMessages,
    bool ExtendedNextHop,
    int? Multihop,
    int? TtlSecurity,
    string? Password,
    BgpRole? Role,
    bool RoleStrict)
{
    public static SessionSettings Of(PeerSettings settings)
    {
        var neighbor = settings.Neighbor;
        return new SessionSettings(
            neighbor.Key,
            neighbor.LocalAddress,
            neighbor.LocalAsn,
            neighbor.LocalAsnMode,
            neighbor.RemoteAsn,
            neighbor.Type,
            settings.RouterId,
            neighbor.HoldTime,
            neighbor.Keepalive,
            FamilySettings.Of(neighbor),
            neighbor.ExtendedMessages,
            neighbor.ExtendedNextHop,
            neighbor.Multihop,
            neighbor.TtlSecurity,
            neighbor.Password,
            neighbor.Role,
            neighbor.RoleStrict);
    }
}

/// <summary>The families with the capabilities that hang on them, whatever their order; compared element by element.</summary>
internal readonly struct FamilySettings : IEquatable<FamilySettings>
{
    private readonly ImmutableArray<(AddressFamily Family, bool AddPathReceive, bool AddPathSend)> _entries;

    private FamilySettings(ImmutableArray<(AddressFamily Family, bool AddPathReceive, bool AddPathSend)> entries) => _entries = entries;

    public static FamilySettings Of(NeighborConfig neighbor) => new(
    [
        .. neighbor.Families
            .OrderBy(entry => entry.Family.Afi).ThenBy(entry => entry.Family.Safi)
            .Select(entry => (entry.Family, entry.AddPathReceive, entry.AddPathSend > 0)),
    ]);

    public bool Equals(FamilySettings other) => _entries.AsSpan().SequenceEqual(other._entries.AsSpan());

    public override bool Equals(object? obj) => obj is FamilySettings other && Equals(other);

    public override int GetHashCode() => _entries.Length;
}
