using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>
/// Compiles lists of policies and keeps one program for each that is different. What can be known of a rule in advance is resolved: on import where a route comes from, on export whom it goes to;
/// a rule that can never hold goes. So neighbors share a program unless a rule really tells them apart. Belongs to one engine.
/// </summary>
internal sealed class PolicyCompiler
{
    private readonly Dictionary<string, (PolicyProgram Program, int Configuration)> _programs = [];
    private int _configuration;
    private int _lastId;

    /// <summary>Different programs.</summary>
    public int Count => _programs.Count;

    /// <summary>Another configuration follows: what it compiles until <see cref="Prune"/> is what it needs.</summary>
    public void Begin() => _configuration++;

    /// <summary>Forgets the programs of older configurations. Who still runs one, a group that is left, keeps it alive; its number is not given out again.</summary>
    public void Prune()
    {
        foreach (var (key, (_, configuration)) in _programs.ToArray())
        {
            if (configuration != _configuration)
            {
                _programs.Remove(key);
            }
        }
    }

    /// <summary>
    /// The program of a list for a neighbor. An empty list accepts on iBGP and within a confederation; on eBGP it rejects where <paramref name="requiresPolicy"/> (RFC 8212), else accepts.
    /// </summary>
    public PolicyProgram Compile(ImmutableArray<PolicyConfig> policies, NeighborConfig neighbor, bool isImport, bool requiresPolicy)
    {
        var list = !policies.IsDefaultOrEmpty ? policies : neighbor.Type == SessionType.External && requiresPolicy ? [PolicyConfig.RejectAll] : [PolicyConfig.AcceptAll];
        return Share(Flatten(list, match => isImport ? OnImport(match, neighbor) : OnExport(match, neighbor)), isImport);
    }

    /// <summary>The program that decides what becomes of routes on this router: which go into the kernel, which contribute to an aggregate. An empty list accepts; nobody is there for <c>to</c> to hold.</summary>
    public PolicyProgram CompileForRouter(ImmutableArray<PolicyConfig> policies) =>
        Share(Flatten(policies.IsDefaultOrEmpty ? [PolicyConfig.AcceptAll] : policies, static match => (match.To == default, match)), isImport: true);

    /// <summary>The program that decides which of the kernel's routes this router announces. An empty list accepts.</summary>
    public PolicyProgram CompileForLocal(ImmutableArray<PolicyConfig> policies) =>
        Share(Flatten(policies.IsDefaultOrEmpty ? [PolicyConfig.AcceptAll] : policies, OfLocal), isImport: true);

    private PolicyProgram Share(ImmutableArray<CompiledRule> rules, bool isImport)
    {
        var key = PolicyText.Of(rules, isImport);
        var program = _programs.TryGetValue(key, out var known) ? known.Program : new PolicyProgram(_lastId++, isImport, rules);
        _programs[key] = (program, _configuration);
        return program;
    }

    private static ImmutableArray<CompiledRule> Flatten(ImmutableArray<PolicyConfig> policies, Func<RouteMatch, (bool CanHold, RouteMatch Left)> resolve)
    {
        var rules = ImmutableArray.CreateBuilder<CompiledRule>();
        foreach (var policy in policies)
        {
            var first = rules.Count;
            foreach (var rule in policy.Rules)
            {
                var (canHold, match) = rule.Match is null ? (true, NoConditions) : resolve(rule.Match);
                if (canHold)
                {
                    var prefixes = rule.Prefixes.IsDefault ? null : new PrefixTests(rule.Prefixes);
                    rules.Add(new CompiledRule(prefixes, rule.Family, match == NoConditions ? null : new RouteTest(match), rule.Set, rule.Action, 0));
                }
            }

            for (var at = first; at < rules.Count; at++)
            {
                rules[at] = rules[at] with { NextPolicy = rules.Count };
            }
        }

        return rules.ToImmutable();
    }

    /// <summary>Whether a rule can hold for what this neighbor announces, and what is left to test.</summary>
    private static (bool CanHold, RouteMatch Left) OnImport(RouteMatch match, NeighborConfig neighbor)
    {
        var (address, type, isLocal, interfaceName) = match.From;
        var canHold = (address ?? neighbor.Key.Address) == neighbor.Key.Address && (type ?? TypeOf(neighbor)) == TypeOf(neighbor) && isLocal is not true && match.To == default;
        return (canHold, match with { From = new SourceMatch { Interface = interfaceName } });
    }

    /// <summary>Whether a rule can hold for what this router itself originates, and what is left to test.</summary>
    private static (bool CanHold, RouteMatch Left) OfLocal(RouteMatch match)
    {
        var (address, type, isLocal, interfaceName) = match.From;
        return (address is null && type is null or PeerType.Local && isLocal is not false && match.To == default, match with { From = new SourceMatch { Interface = interfaceName } });
    }

    /// <summary>Whether a rule can hold for what this neighbor is told, and what is left to test.</summary>
    private static (bool CanHold, RouteMatch Left) OnExport(RouteMatch match, NeighborConfig neighbor)
    {
        var (address, type) = match.To;
        return ((address ?? neighbor.Key.Address) == neighbor.Key.Address && (type ?? TypeOf(neighbor)) == TypeOf(neighbor), match with { To = default });
    }

    // RFC 5065 §5.3: what comes from a member of the confederation is internal.
    private static PeerType TypeOf(NeighborConfig neighbor) => neighbor.Type == SessionType.External ? PeerType.Ebgp : PeerType.Ibgp;

    // Compared by reference where arrays are concerned: default ones, which are meant, are equal.
    private static readonly RouteMatch NoConditions = new();
}
