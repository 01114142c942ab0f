using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>How a <see cref="PrefixMatch"/> compares.</summary>
public enum PrefixOperator : byte
{
    /// <summary>The prefix is within the given one, its length within the bounds.</summary>
    In,
    Equal,
    NotIn,
    NotEqual,
}

/// <summary>A test of a route's prefix. The lengths bound the route's own length, inclusive; for <c>in</c> without a length they are the prefix's own length and 32 or 128.</summary>
public readonly record struct PrefixMatch(PrefixOperator Operator, IpPrefix Prefix, byte MinLength, byte MaxLength)
{
    public bool Matches(in IpPrefix candidate) => Operator switch
    {
        PrefixOperator.In => IsIn(candidate),
        PrefixOperator.NotIn => !IsIn(candidate),
        PrefixOperator.Equal => candidate == Prefix,
        _ => candidate != Prefix,
    };

    private bool IsIn(in IpPrefix candidate) =>
        candidate.Length >= MinLength && candidate.Length <= MaxLength && Prefix.Contains(candidate);
}
