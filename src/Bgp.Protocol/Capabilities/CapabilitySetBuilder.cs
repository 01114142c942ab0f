using System.Buffers.Binary;
using System.Text;

namespace Bgp.Protocol;

/// <summary>Composes the capabilities that we send, in the order of the calls. Each method writes what its reader in <see cref="CapabilityTable"/> reads.</summary>
public sealed class CapabilitySetBuilder
{
    /// <summary>The octets that an OPEN of 4,096 leaves for capabilities (RFC 9072 encoding).</summary>
    public const int MaxLength = BgpConstants.MaxMessageLength - BgpConstants.MinOpenLength - 6;

    private const int MaxNameLength = 64;

    private readonly List<Capability> _capabilities = [];

    /// <summary>Multiprotocol Extensions for a family (RFC 4760 §8).</summary>
    public CapabilitySetBuilder Family(AddressFamily family)
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(value, (ushort)family.Afi);
        value[3] = (byte)family.Safi;
        return Raw(CapabilityCode.Multiprotocol, value);
    }

    public CapabilitySetBuilder RouteRefresh() => Raw(CapabilityCode.RouteRefresh, []);

    public CapabilitySetBuilder EnhancedRouteRefresh() => Raw(CapabilityCode.EnhancedRouteRefresh, []);

    public CapabilitySetBuilder ExtendedMessages() => Raw(CapabilityCode.ExtendedMessage, []);

    /// <summary>RFC 6793 §3.</summary>
    public CapabilitySetBuilder FourOctetAs(Asn asn)
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, asn.Value);
        return Raw(CapabilityCode.FourOctetAs, value);
    }

    /// <summary>ADD-PATH (RFC 7911 §4); nothing where the list is empty.</summary>
    public CapabilitySetBuilder AddPath(params ReadOnlySpan<AddPathFamily> families)
    {
        var value = new byte[4 * families.Length];
        for (var i = 0; i < families.Length; i++)
        {
            WriteFamily(value.AsSpan(4 * i), families[i].Family);
            value[(4 * i) + 3] = (byte)families[i].Mode;
        }

        return families.IsEmpty ? this : Raw(CapabilityCode.AddPath, value);
    }

    /// <summary>Extended Next Hop Encoding (RFC 8950 §4); nothing where the list is empty.</summary>
    public CapabilitySetBuilder ExtendedNextHop(params ReadOnlySpan<ExtendedNextHopFamily> families)
    {
        var value = new byte[6 * families.Length];
        for (var i = 0; i < families.Length; i++)
        {
            var entry = value.AsSpan(6 * i);
            BinaryPrimitives.WriteUInt16BigEndian(entry, (ushort)families[i].Family.Afi);
            BinaryPrimitives.WriteUInt16BigEndian(entry[2..], (ushort)families[i].Family.Safi);
            BinaryPrimitives.WriteUInt16BigEndian(entry[4..], (ushort)families[i].NextHop);
        }

        return families.IsEmpty ? this : Raw(CapabilityCode.ExtendedNextHop, value);
    }

    /// <summary>Graceful Restart (RFC 4724 §3); a time over 4,095 s is sent as 4,095 s.</summary>
    public CapabilitySetBuilder GracefulRestart(GracefulRestartCapability capability)
    {
        var value = new byte[2 + (4 * capability.Families.Count)];
        var seconds = (int)Math.Clamp(capability.RestartTime.TotalSeconds, 0, GracefulRestartCapability.MaxRestartTime.TotalSeconds);
        var head = seconds | (capability.RestartState ? 0x8000 : 0) | (capability.NotificationBit ? 0x4000 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(value, (ushort)head);
        for (var i = 0; i < capability.Families.Count; i++)
        {
            WriteFamily(value.AsSpan(2 + (4 * i)), capability.Families[i].Family);
            value[2 + (4 * i) + 3] = (byte)(capability.Families[i].ForwardingState ? 0x80 : 0);
        }

        return Raw(CapabilityCode.GracefulRestart, value);
    }

    /// <summary>Long-Lived Graceful Restart (RFC 9494 §3.1); times over 24 bits are sent as the largest.</summary>
    public CapabilitySetBuilder LongLived(params ReadOnlySpan<LongLivedFamily> families)
    {
        var value = new byte[7 * families.Length];
        for (var i = 0; i < families.Length; i++)
        {
            var entry = value.AsSpan(7 * i);
            var seconds = (uint)Math.Clamp(families[i].StaleTime.TotalSeconds, 0, LongLivedFamily.MaxStaleTime.TotalSeconds);
            BinaryPrimitives.WriteUInt32BigEndian(entry[3..], seconds);
            entry[3] = (byte)(families[i].ForwardingState ? 0x80 : 0);
            WriteFamily(entry, families[i].Family);
        }

        return Raw(CapabilityCode.LongLivedGracefulRestart, value);
    }

    /// <summary>The name for people; host and domain over 64 octets are cut at a character.</summary>
    public CapabilitySetBuilder Fqdn(FqdnCapability name)
    {
        Span<byte> value = stackalloc byte[2 + (2 * MaxNameLength)];
        var length = WriteName(value, name.Host);
        length += WriteName(value[length..], name.Domain);
        return Raw(CapabilityCode.Fqdn, value[..length]);
    }

    /// <summary>RFC 9234 §4.1.</summary>
    public CapabilitySetBuilder Role(BgpRole role) => Raw(CapabilityCode.Role, [(byte)role]);

    /// <summary>Any capability as octets.</summary>
    /// <exception cref="ArgumentException">The value has more than 255 octets.</exception>
    public CapabilitySetBuilder Raw(CapabilityCode code, ReadOnlySpan<byte> value)
    {
        if (value.Length > byte.MaxValue)
        {
            throw new ArgumentException("a capability's value has at most 255 octets", nameof(value));
        }

        _capabilities.Add(new Capability(code, value.ToArray()));
        return this;
    }

    /// <exception cref="InvalidOperationException">The capabilities do not fit an OPEN.</exception>
    public CapabilitySet Build()
    {
        var set = new CapabilitySet([.. _capabilities]);
        return set.WireLength <= MaxLength
            ? set
            : throw new InvalidOperationException($"capabilities of {set.WireLength} octets do not fit an OPEN of {BgpConstants.MaxMessageLength}");
    }

    private static void WriteFamily(Span<byte> destination, AddressFamily family)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)family.Afi);
        destination[2] = (byte)family.Safi;
    }

    private static int WriteName(Span<byte> destination, string name)
    {
        Encoding.UTF8.GetEncoder().Convert(name, destination.Slice(1, MaxNameLength), flush: true, out _, out var used, out _);
        destination[0] = (byte)used;
        return 1 + used;
    }
}
