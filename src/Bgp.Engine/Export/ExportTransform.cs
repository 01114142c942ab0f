using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Makes the attribute set that a group is sent from the one that won: RFC 4271 §5.1 and §9.1.3, RFC 4456 §8 for reflected routes, RFC 5065 §4.1 and §5 within a confederation.
/// <para>In: canonical bytes, the group's key and where the route came from. Out: canonical bytes. Called once for each set, source and group; the result is cached there.</para>
/// </summary>
[SkipLocalsInit]
internal static class ExportTransform
{
    private const int ClusterIdLength = 4;

    private static ReadOnlySpan<byte> EmptyPath => [];

    /// <summary>Writes the set and returns its length.</summary>
    public static int Write(RibContext context, uint attributes, PeerSlot source, in UpdateGroupKey key, Span<byte> destination)
    {
        var view = context.Attributes.View(attributes);
        var writer = new PathAttributesWriter(destination);
        writer.Append(AttributeType.Origin, AttributeFlags.Transitive, [(byte)view.Origin]);
        var isTransparent = IsTransparent(source, key);
        WriteAsPath(view, key, isTransparent, ref writer);
        var local = LocalValues.Of(view).Flags;
        WriteNextHop(context, view, source, key, local, ref writer);

        // A MED that came from another AS is not passed on to a third one (RFC 4271 §5.1.4), one that our policy sets is.
        if (view.Med is { } med && (key.Session != SessionType.External || source.IsLocal || isTransparent || (local & LocalFlags.SetsMed) != 0))
        {
            writer.AppendUInt32(AttributeType.MultiExitDisc, AttributeFlags.Optional, med);
        }

        if (key.Session != SessionType.External)
        {
            writer.AppendUInt32(AttributeType.LocalPref, AttributeFlags.Transitive, view.LocalPref ?? key.DefaultLocalPref);
        }

        Copy(view, AttributeType.AtomicAggregate, AttributeType.Communities, key, ref writer);
        if (key.Session == SessionType.Internal)
        {
            WriteReflection(view, source, key, ref writer);
        }

        Copy(view, AttributeType.ClusterList + 1, AttributeType.OnlyToCustomer - 1, key, ref writer);
        WriteOnlyToCustomer(view, key, ref writer);
        Copy(view, AttributeType.OnlyToCustomer + 1, (AttributeType)255, key, ref writer);
        return writer.Length;
    }

    /// <summary>Between the clients of a route server AS path, next hop and MED stay as they are (RFC 7947 §2.2).</summary>
    private static bool IsTransparent(PeerSlot source, in UpdateGroupKey key) => key.RouteServerClient != 0 && source.Neighbor is { RouteServerClient: true };

    private static void WriteAsPath(in PathAttributes view, in UpdateGroupKey key, bool isTransparent, ref PathAttributesWriter writer)
    {
        scoped var path = view.TryGet(AttributeType.AsPath, out var value) ? value : EmptyPath;
        if (key.Session == SessionType.Internal || isTransparent)
        {
            writer.Append(AttributeType.AsPath, AttributeFlags.Transitive, path);
            return;
        }

        // Two steps of at most two AS numbers more, each of them at most a segment header and the number.
        var room = path.Length + AsPathRules.MostAdded;
        Span<byte> first = room <= 1024 ? stackalloc byte[1024] : new byte[room];
        Span<byte> second = room <= 1024 ? stackalloc byte[1024] : new byte[room];
        writer.Append(AttributeType.AsPath, AttributeFlags.Transitive, key.AsPath.Apply(path, first, second));
    }

    private static void WriteNextHop(
        RibContext context, in PathAttributes view, PeerSlot source, in UpdateGroupKey key, LocalFlags policy, ref PathAttributesWriter writer)
    {
        var received = view.NextHop;
        var keeps = !received.IsNone && !received.IsLinkLocal && policy switch
        {
            // What a policy says goes before what the neighbor's settings say, also for own routes.
            _ when (policy & LocalFlags.NextHopSelf) != 0 => false,
            _ when (policy & LocalFlags.NextHopKeep) != 0 => true,
            _ => !source.IsLocal && KeepsNextHop(context, received, source, key),
        };
        Span<byte> value = stackalloc byte[32];
        var nextHop = keeps ? received : key.Self;
        var length = nextHop.WriteTo(value);
        if (!keeps && !key.SelfLinkLocal.IsNone)
        {
            length += key.SelfLinkLocal.WriteTo(value[length..]);
        }

        writer.Append(AttributeType.NextHop, AttributeFlags.Transitive, value[..length]);
    }

    private static bool KeepsNextHop(RibContext context, IpAddress received, PeerSlot source, in UpdateGroupKey key) => key.NextHop switch
    {
        NextHopMode.Auto when IsTransparent(source, key) => true,
        NextHopMode.Keep => true,
        NextHopMode.SelfAll => false,
        NextHopMode.Self => key.Session == SessionType.Internal && source.Source == RouteSource.Internal,
        _ => key.Session != SessionType.External || IsOnSharedSubnet(context, received, key),
    };

    // RFC 4271 §5.1.3: a third party's address on the subnet that both ends share is the better next hop, where it is of a family that can be told.
    private static bool IsOnSharedSubnet(RibContext context, IpAddress nextHop, in UpdateGroupKey key) =>
        key.SharedInterface != 0 && nextHop.IsV4 == key.Self.IsV4 && context.NextHops.IsConnected(nextHop, out var interfaceIndex) && interfaceIndex == key.SharedInterface;

    private static void WriteReflection(in PathAttributes view, PeerSlot source, in UpdateGroupKey key, ref PathAttributesWriter writer)
    {
        var hasOriginator = view.TryGet(AttributeType.OriginatorId, out var originator);
        var hasClusters = view.TryGet(AttributeType.ClusterList, out var clusters);
        var isReflected = source.Source == RouteSource.Internal;
        if (hasOriginator)
        {
            writer.Append(AttributeType.OriginatorId, AttributeFlags.Optional, originator);
        }
        else if (isReflected)
        {
            writer.AppendUInt32(AttributeType.OriginatorId, AttributeFlags.Optional, source.RouterId);
        }

        if (isReflected)
        {
            var most = clusters.Length + (2 * ClusterIdLength);
            Span<byte> list = most <= 1024 ? stackalloc byte[1024] : new byte[most];
            var length = WriteClusters(source.Cluster, key.Cluster, list);
            clusters.CopyTo(list[length..]);
            writer.Append(AttributeType.ClusterList, AttributeFlags.Optional, list[..(length + clusters.Length)]);
        }
        else if (hasClusters)
        {
            writer.Append(AttributeType.ClusterList, AttributeFlags.Optional, clusters);
        }
    }

    /// <summary>
    /// The clusters that a reflected route passes here, the last one first: that of the client which it came from, then that of the client which it goes to where that is another one. So whoever
    /// else reflects for either of them finds its own id.
    /// </summary>
    private static int WriteClusters(RouterId? from, RouterId? to, Span<byte> list)
    {
        var length = 0;
        if (to is { } target && to != from)
        {
            BinaryPrimitives.WriteUInt32BigEndian(list, target.Value);
            length = ClusterIdLength;
        }

        if (from is { } source)
        {
            BinaryPrimitives.WriteUInt32BigEndian(list[length..], source.Value);
            length += ClusterIdLength;
        }

        return length;
    }

    // RFC 9234 §5: once set it stays as it is.
    private static void WriteOnlyToCustomer(in PathAttributes view, in UpdateGroupKey key, ref PathAttributesWriter writer)
    {
        if (view.TryGet(AttributeType.OnlyToCustomer, out var value, out var flags))
        {
            writer.Append(AttributeType.OnlyToCustomer, flags, value);
        }
        else if (key.Role is { } role && Roles.MarksOnExport(role))
        {
            writer.AppendUInt32(AttributeType.OnlyToCustomer, key.AsPath.Shown.Value);
        }
    }

    private static void Copy(in PathAttributes view, AttributeType first, AttributeType last, in UpdateGroupKey key, ref PathAttributesWriter writer)
    {
        foreach (var attribute in view)
        {
            // AIGP stays within one administration (RFC 7311 §3.1).
            var leaves = !(key.Session == SessionType.External && attribute.Type == AttributeType.Aigp);
            if (attribute.Type >= first && attribute.Type <= last && leaves)
            {
                writer.Append(attribute.Type, attribute.Flags, attribute.Value);
            }
        }
    }
}
