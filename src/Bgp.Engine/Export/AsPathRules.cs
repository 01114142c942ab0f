using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What happens to an AS path on its way to another AS: confederation segments stay here (RFC 5065 §4.1 c), the neighbor's number may be overridden, private ones (RFC 6996) removed, and ours go
/// in front (RFC 4271 §5.1.2). To another member AS of the confederation only our member AS goes in front, into a confederation segment (RFC 5065 §4.1 b). Part of a group's key, so that it names the neighbor's AS only where something depends on it.
/// </summary>
/// <param name="Shown">Our number on the session, the foremost.</param>
/// <param name="Behind">Our other number, behind it; 0 for none.</param>
/// <param name="RemovePrivate">What happens to private numbers.</param>
/// <param name="Overridden">The number that ours takes the place of; 0 for none.</param>
/// <param name="Kept">The neighbor's number, which is not removed though it is private, so that it sees its own loops; 0 for none.</param>
/// <param name="StaysInside">The path does not leave the confederation.</param>
internal readonly record struct AsPathRules(Asn Shown, Asn Behind, RemovePrivateAsMode RemovePrivate, Asn Overridden, Asn Kept, bool StaysInside)
{
    /// <summary>How many octets a path may grow by.</summary>
    public const int MostAdded = 2 * (SegmentHeader + AsnSize);

    private const int SegmentHeader = 2;
    private const int AsnSize = 4;
    private static readonly Asn None = new(0);

    /// <param name="neighbor">The settings.</param>
    /// <param name="shown">Our AS number on the session.</param>
    /// <param name="remote">The neighbor's.</param>
    /// <param name="router">The router's, in a confederation the confederation's.</param>
    public static AsPathRules Of(NeighborConfig neighbor, Asn shown, Asn remote, Asn router) => new(
        shown,
        shown != router && neighbor.LocalAsnMode != LocalAsnMode.Replace ? router : None,
        neighbor.RemovePrivateAs,
        neighbor.AsOverride ? remote : None,
        neighbor.RemovePrivateAs == RemovePrivateAsMode.Off ? None : remote,
        StaysInside: false);

    /// <summary>Towards another member AS of the confederation.</summary>
    public static AsPathRules OfMember(Asn shown) => new(shown, None, RemovePrivateAsMode.Off, None, None, StaysInside: true);

    /// <summary>The path as it is announced, in one of the two buffers, each of which has room for the path and <see cref="MostAdded"/>.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> path, Span<byte> first, Span<byte> second)
    {
        if (StaysInside)
        {
            return first[..PathAttributesWriter.PrependConfederation(path, Shown, first)];
        }

        var length = Rewrite(new AsPathView(path), first);
        if (Behind != None)
        {
            length = PathAttributesWriter.PrependAsPath(first[..length], Behind, 1, second);
            return first[..PathAttributesWriter.PrependAsPath(second[..length], Shown, 1, first)];
        }

        return second[..PathAttributesWriter.PrependAsPath(first[..length], Shown, 1, second)];
    }

    private int Rewrite(in AsPathView path, Span<byte> destination)
    {
        var removal = RemovePrivate == RemovePrivateAsMode.OnlyPrivate && !HasOnlyPrivate(path) ? RemovePrivateAsMode.Off : RemovePrivate;
        var length = 0;
        foreach (var segment in path)
        {
            if (segment.IsConfederation)
            {
                continue;
            }

            var (start, count) = (length, 0);
            length += SegmentHeader;
            for (var at = 0; at < segment.Count; at++)
            {
                if (Written(segment[at], removal) is var asn && asn != None)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(destination[length..], asn.Value);
                    length += AsnSize;
                    count++;
                }
            }

            if (count == 0)
            {
                length = start;
                continue;
            }

            destination[start] = (byte)segment.Type;
            destination[start + 1] = (byte)count;
        }

        return length;
    }

    /// <summary>What stands for a number in the announced path; none where it is left out.</summary>
    private Asn Written(Asn asn, RemovePrivateAsMode removal)
    {
        if (asn == Overridden)
        {
            return Shown;
        }

        if (removal == RemovePrivateAsMode.Off || asn == Kept || !asn.IsPrivate)
        {
            return asn;
        }

        return removal == RemovePrivateAsMode.Replace ? Shown : None;
    }

    private static bool HasOnlyPrivate(in AsPathView path)
    {
        foreach (var segment in path)
        {
            for (var at = 0; at < segment.Count && !segment.IsConfederation; at++)
            {
                if (!segment[at].IsPrivate)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
