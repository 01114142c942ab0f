using System.Collections.Immutable;

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
