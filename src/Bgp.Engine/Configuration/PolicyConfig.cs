using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a rule does with a route that it matches.</summary>
public enum PolicyAction : byte
{
    /// <summary>No action given: the rule's settings apply and evaluation goes on with the next rule.</summary>
    Continue,
    Accept,
    Reject,

    /// <summary>Leaves this policy for the next one of the list.</summary>
    Next,
}

/// <summary>A named list of rules, tried in order. The built-in <c>accept-all</c> and <c>reject-all</c> are <see cref="AcceptAll"/> and <see cref="RejectAll"/>.</summary>
public sealed record PolicyConfig(string Name, ImmutableArray<PolicyRule> Rules)
{
    public static readonly PolicyConfig AcceptAll = new("accept-all", [new PolicyRule { Action = PolicyAction.Accept }]);
    public static readonly PolicyConfig RejectAll = new("reject-all", [new PolicyRule { Action = PolicyAction.Reject }]);
}

/// <summary>One rule: all given conditions must hold. A default array is "not given".</summary>
public sealed record PolicyRule
{
    /// <summary>The prefix must match any of these; default (not empty): no condition.</summary>
    public ImmutableArray<PrefixMatch> Prefixes { get; init; }

    /// <summary>The route must be of this family; <c>null</c>: no condition.</summary>
    public AddressFamily? Family { get; init; }

    public PolicyAction Action { get; init; }
}

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
