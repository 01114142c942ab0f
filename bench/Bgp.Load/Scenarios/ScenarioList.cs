namespace Bgp.Load;

/// <summary>All scenarios, in the order of the report.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new FullTableScenario(),
        new ReflectorScenario("S2", "Reflector: 100 clients × 1,000 blocks, all receive all", clients: 100, blocks: 1000),
        new ReflectorScenario("S3", "Large reflector: 500 clients × 20 blocks, all receive all", clients: 500, blocks: 20),
        new SamePrefixesScenario(),
        new LatencyScenario(),
        new FibScenario("S6", prefixes: 100_000),
        new FibScenario("S6m", prefixes: 1_000_000),
        new IdleScenario(),
        new ReflectorScenario("S8", "Policy: S2 with a 20-rule export policy, the matching rule last", clients: 100, blocks: 1000, exportPolicy: true),
        new SlowScenario("S9", sendHoldSeconds: null),
        new SlowScenario("S9h", sendHoldSeconds: 5),
        new RestartScenario(),
        new ChurnScenario(),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
