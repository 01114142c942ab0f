using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation.Tests;

/// <summary>The topology of one's own that docs/simulation.md shows compiles, runs, and is the one that stands there.</summary>
[TestFixture]
internal sealed class DocumentationTests
{
    [Test]
    public void OwnTopology_AsDocumented_Runs()
    {
        // <sample>
        NodeSpec Router(string name, uint asn, string own, uint neighborAsn, string neighbor, string network) => new(
            name,
            [new InterfaceSpec(Segment: 0, IpAddress.Parse(own), IpAddress.None)],
            new SpeakerConfig
            {
                LocalAsn = new Asn(asn),
                RouterId = new RouterId(IpAddress.Parse(own).V4Bits),
                ClusterId = new RouterId(IpAddress.Parse(own).V4Bits),
                EbgpRequiresPolicy = false,
                Networks = [new NetworkConfig(IpPrefix.Parse(network), Blackhole: true)],
                Neighbors =
                [
                    new NeighborConfig
                    {
                        Key = new NeighborKey(IpAddress.Parse(neighbor), "", 179),
                        LocalAsn = new Asn(asn),
                        RemoteAsn = new Asn(neighborAsn),
                        Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)],
                    },
                ],
            });

        var pair = new Topology("a pair",
        [
            Router("left", 64512, "10.0.0.1", 64513, "10.0.0.2", "192.0.2.0/24"),
            Router("right", 64513, "10.0.0.2", 64512, "10.0.0.1", "198.51.100.0/24"),
        ]);
        using var simulator = new Simulator(seed: 1);
        simulator.Start(pair);
        Rest.Await(simulator, TimeSpan.FromMinutes(5));
        var violations = RestCheck.Run(simulator);
        var routes = simulator.Nodes[0].Kernel.Routes;
        // </sample>

        Assert.That(violations, Is.Empty);
        Assert.That(routes.Select(route => route.Prefix.ToString()), Is.EqualTo((string[])["192.0.2.0/24", "198.51.100.0/24"]));
    }

    [Test]
    public void OwnTopology_InTheDocumentation_IsTheOneThatRuns()
    {
        var sample = File.ReadAllLines(Beside("DocumentationTests.cs"))
            .SkipWhile(line => !line.EndsWith("// <sample>", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.EndsWith("// </sample>", StringComparison.Ordinal))
            .Select(line => line.Length > Indent ? line[Indent..] : "");
        var page = File.ReadAllLines(Beside("simulation.md"));

        Assert.That(string.Join('\n', page), Does.Contain(string.Join('\n', sample)));
    }

    private const int Indent = 8;

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
