using System.Text;

namespace Bgp.Protocol;

/// <summary>Reads the value of a canonical, so well-formed and four-octet, AS_PATH in place.</summary>
public readonly ref struct AsPathView(ReadOnlySpan<byte> value)
{
    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    public bool IsEmpty => Value.IsEmpty;

    /// <summary>The length that the decision compares: a set counts 1, confederation segments 0 (RFC 4271 §9.1.2.2, RFC 5065 §5.3).</summary>
    public int Length
    {
        get
        {
            var length = 0;
            foreach (var segment in this)
            {
                length += segment.Type switch
                {
                    AsPathSegmentType.AsSequence => segment.Count,
                    AsPathSegmentType.AsSet => 1,
                    _ => 0,
                };
            }

            return length;
        }
    }

    /// <summary>The same of its confederation segments: the member ASes that the route passed (RFC 5065 §3).</summary>
    public int LengthInConfederation
    {
        get
        {
            var length = 0;
            foreach (var segment in this)
            {
                length += segment.IsConfederation ? segment.IsSet ? 1 : segment.Count : 0;
            }

            return length;
        }
    }

    /// <summary>The AS that the route came from: the first of the first segment past confederation segments, null where that is a set or absent.</summary>
    public Asn? NeighborAs
    {
        get
        {
            foreach (var segment in this)
            {
                if (!segment.IsConfederation)
                {
                    return segment.IsSet ? null : segment[0];
                }
            }

            return null;
        }
    }

    /// <summary>The last AS of the path, null where the path is empty, ends in a set, or has confederation segments only (RFC 6907 §2.1).</summary>
    public Asn? OriginAs
    {
        get
        {
            Asn? origin = null;
            foreach (var segment in this)
            {
                if (!segment.IsConfederation)
                {
                    origin = segment.IsSet ? null : segment[segment.Count - 1];
                }
            }

            return origin;
        }
    }

    /// <summary>The first AS of the path as it stands, confederation segments included; null where the path is empty or starts with a set.</summary>
    public Asn? FirstAs
    {
        get
        {
            var segments = GetEnumerator();
            return segments.MoveNext() && !segments.Current.IsSet ? segments.Current[0] : null;
        }
    }

    public bool HasConfederationSegments
    {
        get
        {
            foreach (var segment in this)
            {
                if (segment.IsConfederation)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>How often the AS occurs, sets and confederation segments included: what loop detection counts.</summary>
    public int Count(Asn asn) => CountInConfederation(asn) + CountOutside(asn);

    /// <summary>How often the AS occurs in confederation segments: as a member AS of ours (RFC 5065 §4).</summary>
    public int CountInConfederation(Asn asn) => Count(asn, inConfederation: true);

    /// <summary>How often the AS occurs in the segments that all ASes see, sets included.</summary>
    public int CountOutside(Asn asn) => Count(asn, inConfederation: false);

    public Enumerator GetEnumerator() => new(Value);

    private int Count(Asn asn, bool inConfederation)
    {
        var count = 0;
        foreach (var segment in this)
        {
            for (var i = 0; i < segment.Count && segment.IsConfederation == inConfederation; i++)
            {
                count += segment[i] == asn ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary><c>65001 {65002,65003}</c>; confederation sequences stand in parentheses, confederation sets in brackets.</summary>
    public override string ToString()
    {
        if (Value.IsEmpty)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var segment in this)
        {
            var (open, separator, close) = segment.Type switch
            {
                AsPathSegmentType.AsSet => ("{", ",", "}"),
                AsPathSegmentType.AsConfedSequence => ("(", " ", ")"),
                AsPathSegmentType.AsConfedSet => ("[", ",", "]"),
                _ => ("", " ", ""),
            };
            text.Append(text.Length == 0 ? "" : " ").Append(open);
            for (var i = 0; i < segment.Count; i++)
            {
                text.Append(i == 0 ? "" : separator).Append(segment[i].Value);
            }

            text.Append(close);
        }

        return text.ToString();
    }

    /// <summary>Walks the segments: type (1), count (1), AS numbers (4 each).</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private AsPathSegment _current;

        internal Enumerator(ReadOnlySpan<byte> value) => _rest = value;

        public readonly AsPathSegment Current => _current;

        public bool MoveNext()
        {
            if (_rest.Length < 2)
            {
                return false;
            }

            var length = 4 * _rest[1];
            _current = new AsPathSegment((AsPathSegmentType)_rest[0], _rest.Slice(2, length));
            _rest = _rest[(2 + length)..];
            return true;
        }
    }
}
