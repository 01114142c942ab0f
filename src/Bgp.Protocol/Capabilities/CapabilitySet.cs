namespace Bgp.Protocol;

/// <summary>
/// The capabilities of an OPEN in the order in which they stand there, with typed access to those that we know (RFC 5492). Sets are equal
/// when they are the same bytes. What a capability of ours has on the wire and what it means is a row of <see cref="CapabilityTable"/>.
/// </summary>
public sealed class CapabilitySet : IEquatable<CapabilitySet>
{
    public static readonly CapabilitySet Empty = new([]);

    private readonly Capability[] _all;
    private readonly List<Capability> _unknown = [];
    private readonly List<string> _names = [];

    internal CapabilitySet(Capability[] all)
    {
        _all = all;
        foreach (var capability in all)
        {
            var row = CapabilityTable.Find(capability.Code);
            if (row is null || !row.Read(capability.Value.Span, this))
            {
                _unknown.Add(capability);
            }

            var name = row?.Name ?? CapabilityTable.UnknownName(capability.Code);
            if (!_names.Contains(name))
            {
                _names.Add(name);
            }
        }
    }

    /// <summary>Every capability as received, unknown ones and repetitions included.</summary>
    public IReadOnlyList<Capability> All => _all;

    /// <summary>What has no row in the table, or a value that its RFC does not allow; such are ignored (RFC 5492 §3).</summary>
    public IReadOnlyList<Capability> Unknown => _unknown;

    /// <summary>The families of Multiprotocol Extensions (RFC 4760 §8), those of unknown numbers included. Empty means IPv4 unicast only.</summary>
    public IReadOnlyList<AddressFamily> Families => FamilyList;

    /// <summary>RFC 2918, by its own code or Cisco's older one.</summary>
    public bool RouteRefresh { get; internal set; }

    /// <summary>RFC 7313.</summary>
    public bool EnhancedRouteRefresh { get; internal set; }

    /// <summary>RFC 8654.</summary>
    public bool ExtendedMessages { get; internal set; }

    /// <summary>The AS number of RFC 6793; null where the speaker knows only two octets.</summary>
    public Asn? FourOctetAs { get; internal set; }

    /// <summary>The entries of ADD-PATH (RFC 7911 §4); the last entry of a family wins, entries with a mode out of range are left out.</summary>
    public IReadOnlyList<AddPathFamily> AddPath => AddPathList;

    /// <summary>The entries of Extended Next Hop Encoding (RFC 8950 §4).</summary>
    public IReadOnlyList<ExtendedNextHopFamily> ExtendedNextHop => ExtendedNextHopList;

    /// <summary>RFC 4724; null where not sent.</summary>
    public GracefulRestartCapability? GracefulRestart { get; internal set; }

    /// <summary>RFC 9494; null where not sent. Without <see cref="GracefulRestart"/> it must be ignored.</summary>
    public IReadOnlyList<LongLivedFamily>? LongLived { get; internal set; }

    /// <summary>The name for people; null where not sent.</summary>
    public FqdnCapability? Fqdn { get; internal set; }

    /// <summary>RFC 9234; null where not sent.</summary>
    public BgpRole? Role { get; internal set; }

    /// <summary>Whether several Role capabilities disagree, which is a Role Mismatch (RFC 9234 §4.2).</summary>
    public bool HasConflictingRoles { get; internal set; }

    /// <summary>A name for each kind of capability, for people and for <c>show neighbors</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What the sender said of ADD-PATH for the family; <see cref="AddPathMode.None"/> where nothing.</summary>
    public AddPathMode AddPathFor(AddressFamily family)
    {
        foreach (var entry in AddPathList)
        {
            if (entry.Family == family)
            {
                return entry.Mode;
            }
        }

        return AddPathMode.None;
    }

    /// <summary>Whether the sender takes routes of the family with next hops of <paramref name="nextHop"/> (RFC 8950).</summary>
    public bool HasExtendedNextHop(AddressFamily family, Afi nextHop) => ExtendedNextHopList.Contains(new ExtendedNextHopFamily(family, nextHop));

    /// <summary>Whether the family is among <see cref="Families"/>, or is IPv4 unicast where none are named (RFC 4760 §8).</summary>
    public bool HasFamily(AddressFamily family) =>
        FamilyList.Count == 0 ? family == AddressFamily.Ipv4Unicast : FamilyList.Contains(family);

    public bool Equals(CapabilitySet? other) => other is not null && _all.AsSpan().SequenceEqual(other._all);

    public override bool Equals(object? obj) => Equals(obj as CapabilitySet);

    public override int GetHashCode()
    {
        var hash = _all.Length;
        foreach (var capability in _all)
        {
            hash = (hash * 31) + capability.GetHashCode();
        }

        return hash;
    }

    public override string ToString() => string.Join(", ", _names);

    internal List<AddressFamily> FamilyList { get; } = [];

    internal List<AddPathFamily> AddPathList { get; } = [];

    internal List<ExtendedNextHopFamily> ExtendedNextHopList { get; } = [];

    /// <summary>The octets of all capabilities together.</summary>
    internal int WireLength
    {
        get
        {
            var length = 0;
            foreach (var capability in _all)
            {
                length += capability.WireLength;
            }

            return length;
        }
    }

    /// <summary>Writes all capabilities, one after the other, and returns how many octets.</summary>
    internal int WriteTo(Span<byte> destination)
    {
        var position = 0;
        foreach (var capability in _all)
        {
            destination[position] = (byte)capability.Code;
            destination[position + 1] = (byte)capability.Value.Length;
            capability.Value.Span.CopyTo(destination[(position + 2)..]);
            position += capability.WireLength;
        }

        return position;
    }
}
