using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A test of a route's prefix: against a prefix, or against a named set.</summary>
/// <param name="Operator">How it compares; <see cref="PrefixOperator.In"/> for a set.</param>
/// <param name="Prefix">The prefix; unused for a set.</param>
/// <param name="Lengths">Bounds of the route's length; <c>null</c>: the prefix's own length up to the longest.</param>
/// <param name="Set">A set's name, or <c>null</c>.</param>
public sealed record PrefixCondition(PrefixOperator Operator, IpPrefix Prefix, LengthRange? Lengths, string? Set)
{
    public static PrefixCondition InSet(string name) => new(PrefixOperator.In, default, null, name);
}
