using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>When something stood between two nodes, or held one of them up, so that a hold timer may rightly expire.</summary>
internal sealed class Disturbances
{
    private readonly List<(int Left, int? Right, Instant From, Instant To)> _all = [];

    /// <summary>Between two nodes; without <paramref name="right"/>, between one and all others.</summary>
    public void Add(SimNode left, SimNode? right, Instant from, TimeSpan span) => _all.Add((left.Index, right?.Index, from, from + span));

    /// <summary>Whether anything stood between two nodes at some moment of a span of time.</summary>
    public bool Any(SimNode left, SimNode right, Instant from, Instant to) => _all.Exists(entry =>
        entry.From <= to && entry.To >= from && Concerns(entry.Left, entry.Right, left.Index, right.Index));

    private static bool Concerns(int left, int? right, int one, int other) =>
        right is null ? left == one || left == other : (left == one && right == other) || (left == other && right == one);
}
