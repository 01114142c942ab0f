using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Random policies over random routes: what arrives behind the engine is what <see cref="PolicyModel"/> says.</summary>
internal sealed class PolicyFuzzTests
{
    private const int Seeds = 300;
    private const int RoutesAtATime = 40;
    private const uint FirstAs = 65001;

    [Test]
    public void Engine_RandomPolicies_AgreesWithThePlainModel()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            Run(seed);
        }
    }

    private static void Run(int seed)
    {
        var generator = new PolicyGenerator(seed);
        var (import, export) = (generator.Policies(), generator.Policies());
        using var run = new PolicyRun(import, export);
        var received = new SortedDictionary<IpPrefix, ModelRoute>();
        AnnounceSome(run, generator, received);
        Check(run, received, import, export, seed);

        // The lists change places: what was received is judged anew.
        run.Reconfigure(run.Source, import: export);
        run.Reconfigure(run.Target, export: import);
        Check(run, received, export, import, seed);
        AnnounceSome(run, generator, received);
        Check(run, received, export, import, seed);
    }

    private static void AnnounceSome(PolicyRun run, PolicyGenerator generator, SortedDictionary<IpPrefix, ModelRoute> received)
    {
        for (var count = 0; count < RoutesAtATime; count++)
        {
            var route = generator.Route(FirstAs);
            received[route.Prefix] = route;
            Announce(run, route);
        }
    }

    private static ModelRoute? Through(IEnumerable<PolicyConfig> import, IEnumerable<PolicyConfig> export, ModelRoute route) =>
        PolicyModel.Apply(import, route, isExport: false) is { } imported && PolicyModel.Apply(export, imported, isExport: true) is { } exported
            ? exported with { Med = exported.HasMedOfPolicy ? exported.Med : null, Path = [64512, .. exported.Path] }
            : null;

    private static void Announce(PolicyRun run, ModelRoute route) => run.Announce(route.Prefix.ToString(), spec =>
    {
        spec.Med = route.Med;
        spec.Origin = route.Origin;
        spec.Path = [.. route.Path];
        spec.Communities = [.. route.Communities];
    });

    private static void Check(
        PolicyRun run, SortedDictionary<IpPrefix, ModelRoute> received, IReadOnlyList<PolicyConfig> import, IReadOnlyList<PolicyConfig> export, int seed)
    {
        foreach (var (prefix, route) in received)
        {
            var expected = Through(import, export, route) is { } sent ? Words(sent) : "rejected";
            var actual = run.Target.Routes.TryGetValue(prefix, out var bytes) ? Words(prefix, new PathAttributes(bytes)) : "rejected";
            Assert.That(actual, Is.EqualTo(expected), $"seed {seed}, {prefix}");
        }
    }

    private static string Words(ModelRoute route) =>
        $"{route.Prefix} {route.Origin} path {string.Join(' ', route.Path)} med {route.Med} communities {string.Join(' ', route.Communities)}";

    private static string Words(in IpPrefix prefix, in PathAttributes set)
    {
        var communities = new List<uint>();
        for (var at = 0; at < set.Communities.Count; at++)
        {
            communities.Add(set.Communities[at].Value);
        }

        return $"{prefix} {set.Origin} path {set.AsPath.ToString()} med {set.Med} communities {string.Join(' ', communities)}";
    }
}
