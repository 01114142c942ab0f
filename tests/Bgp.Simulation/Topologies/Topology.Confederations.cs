using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>Topologies with a confederation (RFC 5065).</summary>
public sealed partial record Topology
{
    private static readonly Asn FirstMember = new(65100);

    /// <summary>
    /// Three member ASes, each a mesh of two or three routers, in a ring: the last router of each speaks with the first one of the next. Two routers outside, each of an AS of its own, speak
    /// eBGP with the first router of the first member AS and the last one of the second. In this order: the members' routers, then those outside; all on one segment.
    /// </summary>
    public static Topology Confederation(int first, int second, int third, TopologyOptions? options = null)
    {
        var builder = new TopologyBuilder(options ?? new TopologyOptions());
        var members = new List<int[]>();
        foreach (var size in (int[])[first, second, third])
        {
            var asn = new Asn(FirstMember.Value + (uint)members.Count);
            int[] added = [.. Enumerable.Range(0, size).Select(_ => builder.Add("member", asn, 0))];
            builder.Join(added, Fabric);
            for (var right = 0; right < size; right++)
            {
                for (var left = 0; left < right; left++)
                {
                    builder.Peer(added[left], added[right], 0);
                }
            }

            members.Add(added);
        }

        for (var member = 0; member < members.Count; member++)
        {
            builder.Peer(members[member][^1], members[(member + 1) % members.Count][0], 0);
        }

        foreach (var (edge, asn) in new[] { (members[0][0], FirstTor), (members[1][^1], new Asn(FirstTor.Value + 1)) })
        {
            builder.Peer(edge, builder.Add("outside", asn, 0), 0);
        }

        return builder.Build(string.Create(CultureInfo.InvariantCulture, $"confederation of {first}, {second} and {third} with 2 outside"));
    }
}
