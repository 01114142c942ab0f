namespace Bgp.Load;

/// <summary>All clients of a reflector that has many routes go away at once and come back at once.</summary>
internal sealed class RestartScenario : Scenario
{
    private const int Feeds = 10;
    private const int BlocksEach = 10_000;
    private const int Receivers = 500;

    public override string Name => "S10";

    public override string Title => "Mass restart: 500 clients reconnect at once to a reflector with 100,000 routes";

    public override bool HasFloor => false;

    public override LoadPlan Plan(double scale)
    {
        var feeds = ReflectorScenario.Plan(Feeds, Scaled(BlocksEach, scale));
        var receivers = Enumerable.Range(Feeds, Receivers)
            .Select(index => new ClientPlan { Index = index, Asn = LoadPlan.DaemonAsn, IsReflectorClient = true, IsReceiver = true });
        return feeds with { Clients = [.. feeds.Clients.Select(feed => feed with { IsReceiver = false }), .. receivers] };
    }

    public override CheckResult Run(LoadRun run)
    {
        run.Establish();
        run.MeasureConvergence(run.AnnounceAll);
        run.Rest();
        var receivers = run.Clients.Where(client => client.Plan.IsReceiver).ToList();
        run.MeasureConvergence(() =>
        {
            receivers.ForEach(run.Loop.Shut);
            run.Loop.Open(receivers);
        });
        run.Rest();
        return default;
    }
}
