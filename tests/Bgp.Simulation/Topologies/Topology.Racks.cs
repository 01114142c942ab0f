using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>Topologies with routers between segments.</summary>
public sealed partial record Topology
{
    private static readonly Asn FirstRack = new(64600);

    /// <summary>
    /// Racks, each a segment of its own with one or two top-of-rack routers. Nodes speak eBGP with the ToRs of their rack, each ToR, which has an AS of its own, with all others over segment 0.
    /// Rack by rack: the ToRs, then the nodes; rack r is segment r + 1.
    /// </summary>
    public static Topology Racks(int racks, int torsOfEach, int nodesOfEach, TopologyOptions? options = null)
    {
        var settings = options ?? new TopologyOptions();
        var builder = new TopologyBuilder(settings);
        var tors = new List<int>();
        for (var rack = 0; rack < racks; rack++)
        {
            var segment = rack + 1;
            int[] own = [.. Enumerable.Range(0, torsOfEach).Select(number => builder.Add("tor", new Asn(FirstTor.Value + (uint)(tors.Count + number)), 0, segment))];
            foreach (var tor in own)
            {
                tors.ForEach(other => builder.Peer(other, tor, 0));
                tors.Add(tor);
            }

            var asn = settings.HasOneNodeAs ? Fabric : new Asn(FirstRack.Value + (uint)rack);
            for (var number = 0; number < nodesOfEach; number++)
            {
                var node = builder.Add("node", asn, segment);
                foreach (var tor in own)
                {
                    builder.Peer(tor, node, segment, allowsOwnAs: true);
                }
            }
        }

        return builder.Build(string.Create(CultureInfo.InvariantCulture, $"{racks} racks of {torsOfEach} ToRs and {nodesOfEach} nodes"));
    }
}
