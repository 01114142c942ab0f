namespace Bgp.Load;

/// <summary>
/// A cluster's route reflector: iBGP clients that announce address blocks, every client's with one attribute set, and receive all
/// the others'.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="title">What it is.</param>
/// <param name="clients">How many clients.</param>
/// <param name="blocks">How many blocks each.</param>
/// <param name="exportPolicy">Whether everything goes through <see cref="ExportRules"/>.</param>
internal sealed class ReflectorScenario(string name, string title, int clients, int blocks, bool exportPolicy = false) : Scenario
{
    public override string Name => name;

    public override string Title => title;

    public override bool HasFloor => !exportPolicy;

    public override LoadPlan Plan(double scale) => Plan(clients, Scaled(blocks, scale)) with { HasExportPolicy = exportPolicy };

    /// <summary>The plan of such a cluster.</summary>
    /// <param name="clients">How many clients.</param>
    /// <param name="blocks">How many blocks each.</param>
    /// <param name="speeds">Of more clients, which announce nothing.</param>
    public static LoadPlan Plan(int clients, int blocks, params IReadOnlyList<ReadSpeed> speeds)
    {
        var expectation = new Expectation(PrefixSpace.Blocks(clients * blocks));
        var plans = new List<ClientPlan>();
        for (var index = 0; index < clients; index++)
        {
            var path = expectation.AddPath(index, LoadAddresses.Client(index));
            var encoder = new FeedEncoder(expectation.Space, isInternal: true);
            var own = Enumerable.Range(index * blocks, blocks).ToList();
            encoder.Announce(path, own);
            own.ForEach(prefix => expectation.SetWinner(prefix, path.Id));
            plans.Add(NewClient(index) with { Announcements = encoder.Finish(), AnnouncedPrefixes = encoder.Prefixes });
        }

        plans.AddRange(speeds.Select((speed, extra) => NewClient(clients + extra) with { Speed = speed }));
        return new LoadPlan { Clients = plans, Expectation = expectation };
    }

    private static ClientPlan NewClient(int index) =>
        new() { Index = index, Asn = LoadPlan.DaemonAsn, IsReflectorClient = true, IsReceiver = true };
}
