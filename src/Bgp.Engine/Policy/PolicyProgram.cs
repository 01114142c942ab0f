using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a program says of every route alike.</summary>
internal enum PolicyShape : byte
{
    /// <summary>The verdict, or what the route becomes, depends on the route.</summary>
    ByRoute,

    /// <summary>Every route passes as it is.</summary>
    AcceptsAll,
    RejectsAll,
}

/// <summary>
/// A compiled list of policies: one flat list of rules, tried in order, jumps resolved. Equal lists are one program with one number (see <see cref="PolicyCompiler"/>), also when they were
/// parsed separately, so that neighbors with equal policies share an update group. <see cref="PolicyEvaluator"/> runs it.
/// </summary>
internal sealed class PolicyProgram(int id, bool isImport, ImmutableArray<CompiledRule> rules)
{
    /// <summary>How many of the first rules <see cref="PolicyEvaluator"/> remembers the outcome of.</summary>
    public const int RememberedRules = 64;

    public int Id { get; } = id;

    public bool IsImport { get; } = isImport;

    public ImmutableArray<CompiledRule> Rules { get; } = rules;

    public PolicyShape Shape { get; } = ShapeOf(rules);

    /// <summary>Whether any rule looks at the prefix: else all prefixes of an UPDATE share one verdict.</summary>
    public bool LooksAtPrefix { get; } = rules.Any(static rule => rule.Prefixes is not null || rule.Family is not null);

    /// <summary>Whether any rule looks at attributes or at where the route came from.</summary>
    public bool LooksAtRoute { get; } = rules.Any(static rule => rule.Test is not null);

    /// <summary>Whether any rule looks at where the route came from; on import, where that is the neighbor itself, at its interface only.</summary>
    public bool LooksAtSource { get; } = rules.Any(static rule => rule.Test is { LooksAtSource: true });

    private static PolicyShape ShapeOf(ImmutableArray<CompiledRule> rules)
    {
        for (var at = 0; at < rules.Length;)
        {
            var rule = rules[at];
            if (!rule.IsUnconditional)
            {
                return PolicyShape.ByRoute;
            }

            if (rule.Action == PolicyAction.Reject)
            {
                return PolicyShape.RejectsAll;
            }

            if (rule.Changes is not null)
            {
                return PolicyShape.ByRoute;
            }

            if (rule.Action == PolicyAction.Accept)
            {
                return PolicyShape.AcceptsAll;
            }

            at = rule.Action == PolicyAction.Next ? rule.NextPolicy : at + 1;
        }

        return PolicyShape.RejectsAll;
    }
}

/// <summary>One rule of a program. <c>null</c> conditions hold for every route.</summary>
/// <param name="Prefixes">On the prefix.</param>
/// <param name="Family">On the family.</param>
/// <param name="Test">On the attributes and the source.</param>
/// <param name="Changes">What it makes of the route.</param>
/// <param name="Action">What it decides.</param>
/// <param name="NextPolicy">The index of the first rule of the policy after this one's.</param>
internal sealed record CompiledRule(PrefixTests? Prefixes, AddressFamily? Family, RouteTest? Test, RouteChanges? Changes, PolicyAction Action, int NextPolicy)
{
    public bool IsUnconditional => Prefixes is null && Family is null && Test is null;

    public bool MatchesPrefix(in IpPrefix prefix) =>
        (Family is not { } family || family == AddressFamily.Of(prefix)) && (Prefixes is null || Prefixes.Matches(prefix));
}
