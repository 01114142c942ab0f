using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>
/// Compiles lists of policies and keeps one program for each that is different. What can be known of a rule in advance is resolved: on import where a route comes from, on export whom it goes to;
/// a rule that can never hold goes. So neighbors share a program unless a rule really tells them apart. Belongs to one engine.
/// </summary>
internal sealed class PolicyCompiler
{
    private readonly Dictionary<string, PolicyProgram> _programs = [];

    /// <summary>
    /// The program of a list for a neighbor. An empty list accepts on iBGP; on eBGP it rejects where <paramref name="requiresPolicy"/> (RFC 8212), else accepts.
    /// </summary>
    public PolicyProgram Compile(ImmutableArray<PolicyConfig> policies, NeighborConfig neighbor, bool isImport, bool requiresPolicy)
    {
        var list = !policies.IsDefaultOrEmpty ? policies : neighbor.IsExternal && requiresPolicy ? [PolicyConfig.RejectAll] : [PolicyConfig.AcceptAll];
        var rules = Flatten(list, neighbor, isImport);
        var key = PolicyText.Of(rules, isImport);
        if (!_programs.TryGetValue(key, out var program))
        {
            program = new PolicyProgram(_programs.Count, isImport, rules);
            _programs.Add(key, program);
        }

        return program;
    }

    private static ImmutableArray<CompiledRule> Flatten(ImmutableArray<PolicyConfig> policies, NeighborConfig neighbor, bool isImport)
    {
        var rules = ImmutableArray.CreateBuilder<CompiledRule>();
        foreach (var policy in policies)
        {
            var first = rules.Count;
            foreach (var rule in policy.Rules)
            {
                if (TryResolve(rule.Match, neighbor, isImport, out var match))
                {
                    var prefixes = rule.Prefixes.IsDefault ? null : new PrefixTests(rule.Prefixes);
                    rules.Add(new CompiledRule(prefixes, rule.Family, match is null ? null : new RouteTest(match), rule.Set, rule.Action, 0));
                }
            }

            for (var at = first; at < rules.Count; at++)
            {
                rules[at] = rules[at] with { NextPolicy = rules.Count };
            }
        }

        return rules.ToImmutable();
    }

    /// <summary>Takes out of the conditions what the session settles; false where the rule can never hold.</summary>
    private static bool TryResolve(RouteMatch? match, NeighborConfig neighbor, bool isImport, out RouteMatch? resolved)
    {
        resolved = match;
        if (match is null)
        {
            return true;
        }

        var type = neighbor.IsExternal ? PeerType.Ebgp : PeerType.Ibgp;
        bool holds;
        if (isImport)
        {
            var from = match.From;
            holds = (from.Neighbor ?? neighbor.Key.Address) == neighbor.Key.Address && (from.PeerType ?? type) == type && from.IsLocal is not true && match.To == default;
            resolved = match with { From = default };
        }
        else
        {
            holds = (match.To.Neighbor ?? neighbor.Key.Address) == neighbor.Key.Address && (match.To.PeerType ?? type) == type;
            resolved = match with { To = default };
        }

        resolved = resolved == NoConditions ? null : resolved;
        return holds;
    }

    // Compared by reference where arrays are concerned: default ones, which are meant, are equal.
    private static readonly RouteMatch NoConditions = new();
}
