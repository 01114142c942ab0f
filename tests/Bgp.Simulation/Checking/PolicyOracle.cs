using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>What a list of policies says of a prefix, rule by rule as it is written.</summary>
internal static class PolicyOracle
{
    public static bool Accepts(NeighborConfig neighbor, IpPrefix prefix, bool isImport, bool ebgpRequiresPolicy)
    {
        var family = neighbor.Families.First(candidate => candidate.Family == AddressFamily.Of(prefix));
        var policies = isImport ? family.ImportPolicy : family.ExportPolicy;
        return policies.IsEmpty ? !neighbor.IsExternal || !ebgpRequiresPolicy : Accepts(policies, prefix);
    }

    /// <summary>The verdict of a list that is not empty.</summary>
    public static bool Accepts(ImmutableArray<PolicyConfig> policies, IpPrefix prefix)
    {
        foreach (var policy in policies)
        {
            foreach (var rule in policy.Rules)
            {
                if (!Matches(rule, prefix))
                {
                    continue;
                }

                if (rule.Action is PolicyAction.Accept or PolicyAction.Reject)
                {
                    return rule.Action == PolicyAction.Accept;
                }

                if (rule.Action == PolicyAction.Next)
                {
                    break;
                }
            }
        }

        return false;
    }

    private static bool Matches(PolicyRule rule, IpPrefix prefix) =>
        (rule.Family is not { } family || family == AddressFamily.Of(prefix)) && (rule.Prefixes.IsDefault || rule.Prefixes.Any(match => Matches(match, prefix)));

    private static bool Matches(PrefixMatch match, IpPrefix prefix)
    {
        var isIn = prefix.Length >= match.MinLength && prefix.Length <= match.MaxLength && IsWithin(match.Prefix, prefix);
        return match.Operator switch
        {
            PrefixOperator.In => isIn,
            PrefixOperator.NotIn => !isIn,
            PrefixOperator.Equal => prefix == match.Prefix,
            _ => prefix != match.Prefix,
        };
    }

    private static bool IsWithin(IpPrefix wide, IpPrefix narrow) =>
        wide.Address.IsV4 == narrow.Address.IsV4 && wide.Length <= narrow.Length && new IpPrefix(narrow.Address, wide.Length) == wide;
}
