using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a program can say without looking at the route.</summary>
internal enum PolicyShape : byte
{
    /// <summary>The verdict depends on the prefix.</summary>
    ByPrefix,
    AcceptsAll,
    RejectsAll,
}

/// <summary>
/// A compiled list of policies: one flat list of rules, tried in order, jumps resolved. Equal lists are one program with one number (see <see cref="PolicyCompiler"/>), also when they were
/// parsed separately, so that neighbors with equal policies share an update group.
/// </summary>
internal sealed class PolicyProgram(int id, PolicyShape shape, ImmutableArray<CompiledRule> rules)
{
    public int Id { get; } = id;

    public PolicyShape Shape { get; } = shape;

    /// <summary>Whether the route passes. A list that ends without a verdict rejects.</summary>
    public bool Accepts(in IpPrefix prefix)
    {
        if (Shape != PolicyShape.ByPrefix)
        {
            return Shape == PolicyShape.AcceptsAll;
        }

        var family = AddressFamily.Of(prefix);
        for (var at = 0; at < rules.Length;)
        {
            ref readonly var rule = ref rules.ItemRef(at);
            if (!rule.Matches(prefix, family))
            {
                at++;
            }
            else if (rule.Action is PolicyAction.Accept or PolicyAction.Reject)
            {
                return rule.Action == PolicyAction.Accept;
            }
            else
            {
                at = rule.Action == PolicyAction.Next ? rule.NextPolicy : at + 1;
            }
        }

        return false;
    }
}

/// <summary>One rule of a program; <paramref name="NextPolicy"/> is the index of the first rule of the policy after this one's.</summary>
internal readonly record struct CompiledRule(ImmutableArray<PrefixMatch> Prefixes, AddressFamily? Family, PolicyAction Action, int NextPolicy)
{
    public bool IsUnconditional => Prefixes.IsDefault && Family is null;

    public bool Matches(in IpPrefix prefix, AddressFamily family)
    {
        if (Family is { } wanted && wanted != family)
        {
            return false;
        }

        if (Prefixes.IsDefault)
        {
            return true;
        }

        foreach (ref readonly var match in Prefixes.AsSpan())
        {
            if (match.Matches(prefix))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Compiles lists of policies and keeps one program for each that is different. Belongs to one engine.</summary>
internal sealed class PolicyCompiler
{
    private readonly Dictionary<string, PolicyProgram> _programs = [];

    /// <summary>
    /// The program of a list. An empty list accepts on iBGP; on eBGP it rejects where <paramref name="requiresPolicy"/> (RFC 8212), else accepts.
    /// </summary>
    public PolicyProgram Compile(ImmutableArray<PolicyConfig> policies, bool isExternal, bool requiresPolicy)
    {
        var list = !policies.IsDefaultOrEmpty ? policies : isExternal && requiresPolicy ? [PolicyConfig.RejectAll] : [PolicyConfig.AcceptAll];
        var rules = Flatten(list);
        var key = Describe(rules);
        if (!_programs.TryGetValue(key, out var program))
        {
            program = new PolicyProgram(_programs.Count, ShapeOf(rules), rules);
            _programs.Add(key, program);
        }

        return program;
    }

    private static ImmutableArray<CompiledRule> Flatten(ImmutableArray<PolicyConfig> policies)
    {
        var rules = ImmutableArray.CreateBuilder<CompiledRule>();
        foreach (var policy in policies)
        {
            var next = rules.Count + policy.Rules.Length;
            foreach (var rule in policy.Rules)
            {
                rules.Add(new CompiledRule(rule.Prefixes, rule.Family, rule.Action, next));
            }
        }

        return rules.ToImmutable();
    }

    private static PolicyShape ShapeOf(ImmutableArray<CompiledRule> rules)
    {
        for (var at = 0; at < rules.Length;)
        {
            var rule = rules[at];
            if (!rule.IsUnconditional)
            {
                return PolicyShape.ByPrefix;
            }

            if (rule.Action is PolicyAction.Accept or PolicyAction.Reject)
            {
                return rule.Action == PolicyAction.Accept ? PolicyShape.AcceptsAll : PolicyShape.RejectsAll;
            }

            at = rule.Action == PolicyAction.Next ? rule.NextPolicy : at + 1;
        }

        return PolicyShape.RejectsAll;
    }

    private static string Describe(ImmutableArray<CompiledRule> rules)
    {
        var text = new StringBuilder();
        foreach (var rule in rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"{rule.Family};{rule.Action};{rule.NextPolicy};");
            if (!rule.Prefixes.IsDefault)
            {
                foreach (var match in rule.Prefixes)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{match.Operator} {match.Prefix} {match.MinLength} {match.MaxLength},");
                }
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
