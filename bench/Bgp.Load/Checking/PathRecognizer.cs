using System.Buffers.Binary;

namespace Bgp.Load;

/// <summary>
/// Names the path that the attributes of an UPDATE belong to, and holds every attribute against what the daemon must have made of it. One
/// walk over the attributes, no allocation; the same attributes as the last time are known at once.
/// </summary>
/// <param name="expectation">The paths.</param>
/// <param name="view">What the daemon does to them.</param>
/// <param name="daemon">The daemon's address, router id and cluster id in one.</param>
/// <param name="daemonAsn">The daemon's AS number.</param>
/// <param name="routerIds">The clients' router ids, by number.</param>
internal sealed class PathRecognizer(Expectation expectation, SessionView view, uint daemon, uint daemonAsn, IReadOnlyList<uint> routerIds)
{
    /// <summary>Stands for attributes that are no path's, or not as they should be.</summary>
    public const int Wrong = -2;

    private const int LastLimit = 256;
    private const byte ExtendedLength = 0x10;
    private readonly byte[] _last = new byte[LastLimit];
    private int _lastLength = -1;
    private int _lastPath;

    /// <summary>The first attributes that were wrong, in hexadecimal, for whoever must find out why.</summary>
    public string? FirstWrong { get; private set; }

    /// <summary>The path's number, or <see cref="Wrong"/>.</summary>
    public int Recognize(ReadOnlySpan<byte> attributes)
    {
        if (attributes.Length == _lastLength && attributes.SequenceEqual(_last.AsSpan(0, _lastLength)))
        {
            return _lastPath;
        }

        var path = Read(attributes, out var fields) && IsRight(fields) ? fields.Path : Wrong;
        if (path == Wrong)
        {
            FirstWrong ??= Convert.ToHexString(attributes);
        }

        if (attributes.Length <= LastLimit)
        {
            attributes.CopyTo(_last);
            _lastLength = attributes.Length;
            _lastPath = path;
        }

        return path;
    }

    private static bool Read(ReadOnlySpan<byte> attributes, out Fields fields)
    {
        fields = new Fields { Path = Wrong };
        while (attributes.Length >= 3)
        {
            var isExtended = (attributes[0] & ExtendedLength) != 0;
            var header = isExtended ? 4 : 3;
            int length = isExtended && attributes.Length >= 4 ? BinaryPrimitives.ReadUInt16BigEndian(attributes[2..]) : attributes[2];
            if (length > attributes.Length - header || !fields.TryTake(attributes[1], attributes.Slice(header, length)))
            {
                return false;
            }

            attributes = attributes[(header + length)..];
        }

        return attributes.IsEmpty && fields.Path >= 0;
    }

    private bool IsRight(in Fields fields)
    {
        if (fields.Path >= expectation.Paths.Count || fields.Origin != 0)
        {
            return false;
        }

        var path = expectation.Paths[fields.Path];
        return view switch
        {
            SessionView.Reflected => fields.AsPath.SequenceEqual(path.AsPathValue) && fields.NextHop == path.NextHop
                && fields.LocalPref == PathSpec.LocalPref && fields.OriginatorId == routerIds[path.Source] && fields.ClusterList == daemon,
            SessionView.External => HasDaemonInFront(fields.AsPath, path.AsPathValue) && (fields.NextHop == path.NextHop || fields.NextHop == daemon)
                && fields.LocalPref == 0 && fields.OriginatorId == 0 && fields.ClusterList == 0,
            SessionView.Internal => fields.AsPath.SequenceEqual(path.AsPathValue) && fields.LocalPref == PathSpec.LocalPref
                && (fields.NextHop == path.NextHop || fields.NextHop == daemon) && fields.OriginatorId == 0 && fields.ClusterList == 0,
            _ => fields.AsPath.SequenceEqual(path.AsPathValue) && fields.NextHop == path.NextHop,
        };
    }

    private bool HasDaemonInFront(ReadOnlySpan<byte> received, ReadOnlySpan<byte> announced) =>
        received.Length == announced.Length + 4 && received[0] == announced[0] && received[1] == announced[1] + 1
        && BinaryPrimitives.ReadUInt32BigEndian(received[2..]) == daemonAsn && received[6..].SequenceEqual(announced[2..]);

    private ref struct Fields
    {
        public int Path;
        public byte Origin;
        public ReadOnlySpan<byte> AsPath;
        public uint NextHop;
        public uint LocalPref;
        public uint OriginatorId;
        public uint ClusterList;

        /// <summary>False for what no daemon should have added.</summary>
        public bool TryTake(byte type, ReadOnlySpan<byte> value)
        {
            switch (type)
            {
                case 1 when value.Length == 1:
                    Origin = value[0];
                    return true;
                case 2:
                    AsPath = value;
                    return true;
                case 3 when value.Length == 4:
                    NextHop = BinaryPrimitives.ReadUInt32BigEndian(value);
                    return true;
                case 4 when value.Length == 4:
                    // No MED and one of 0 are the same (RFC 4271 §9.1.2.2 c), and FRR writes the latter.
                    return BinaryPrimitives.ReadUInt32BigEndian(value) == 0;
                case 5 when value.Length == 4:
                    LocalPref = BinaryPrimitives.ReadUInt32BigEndian(value);
                    return true;
                case 8 when value.Length == 4:
                    return PathSpec.TryId(BinaryPrimitives.ReadUInt32BigEndian(value), out Path);
                case 9 when value.Length == 4:
                    OriginatorId = BinaryPrimitives.ReadUInt32BigEndian(value);
                    return true;
                case 10 when value.Length == 4:
                    ClusterList = BinaryPrimitives.ReadUInt32BigEndian(value);
                    return true;
                default:
                    return false;
            }
        }
    }
}
