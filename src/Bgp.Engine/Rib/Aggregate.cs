using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// A prefix that is originated while more specific routes contribute to it (RFC 4271 §9.2.2.2), and how many do, by their ORIGIN: so the worst of them, which the aggregate must have, is known
/// without a look at the others.
/// </summary>
internal sealed class Aggregate(IpPrefix prefix)
{
    private readonly int[] _byOrigin = new int[3];

    public IpPrefix Prefix { get; } = prefix;

    /// <summary>The routes that contribute are announced to nobody.</summary>
    public bool SummaryOnly { get; set; }

    /// <summary>Which routes contribute.</summary>
    public PolicyProgram Contributors { get; set; } = null!;

    /// <summary>The configuration has it no more: nothing contributes, and it goes when its walks are over.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Walks that have still to ask routes whether they contribute. Until then the count is not whole, and nothing but a first contributor is acted on.</summary>
    public int Walks { get; set; }

    /// <summary>It waits for <c>Rib.SettleAggregates</c>.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>The ORIGIN that it should be originated with: the worst of its contributors'; <c>null</c> where there are none.</summary>
    public Origin? Wanted { get; private set; }

    /// <summary>Counts a contributor in or out. True when <see cref="Wanted"/> is another one than before.</summary>
    public bool Count(Origin origin, int change)
    {
        _byOrigin[(int)origin] += change;
        var before = Wanted;
        Wanted = _byOrigin[(int)Origin.Incomplete] > 0 ? Origin.Incomplete
            : _byOrigin[(int)Origin.Egp] > 0 ? Origin.Egp
            : _byOrigin[(int)Origin.Igp] > 0 ? Origin.Igp
            : null;
        return Wanted != before;
    }
}
