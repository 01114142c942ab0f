namespace Bgp.Load;

/// <summary>
/// Single changes of one feed, an UPDATE each, encoded before: two passes over prefixes with different attributes, again and again. What is due at a time is a slice of
/// them.
/// </summary>
internal sealed class SteadyFeed
{
    private const int Passes = 2;
    private const int Sets = 100;

    private readonly byte[] _octets;
    private readonly int[] _ends;
    private long _next;

    private SteadyFeed(byte[] octets, int[] ends)
    {
        _octets = octets;
        _ends = ends;
    }

    /// <param name="expectation">Where its paths are added.</param>
    /// <param name="feed">Whose changes they are.</param>
    /// <param name="first">The first prefix that is changed; those before are left alone.</param>
    public static SteadyFeed Encode(Expectation expectation, int feed, int first)
    {
        var encoder = new FeedEncoder(expectation.Space, isInternal: false);
        var ends = new List<int>();
        for (var pass = 0; pass < Passes; pass++)
        {
            var paths = Enumerable.Range(0, Sets).Select(set => TableFeeds.AddPath(expectation, feed, set, 3 + ((feed + set + pass) % 10))).ToList();
            for (var prefix = first; prefix < expectation.Space.Count; prefix++)
            {
                encoder.Announce(paths[prefix % Sets], [prefix]);
                ends.Add(encoder.Length);
            }
        }

        return new SteadyFeed(encoder.Finish(), [.. ends]);
    }

    /// <summary>What is to be sent by now, up to the end of the two passes; false where nothing is.</summary>
    /// <param name="due">How many changes in all must have been sent by now.</param>
    /// <param name="updates">The messages.</param>
    public bool TryNext(long due, out ReadOnlyMemory<byte> updates)
    {
        var first = (int)(_next % _ends.Length);
        var count = (int)Math.Min(due - _next, _ends.Length - first);
        if (count <= 0)
        {
            updates = default;
            return false;
        }

        var start = first == 0 ? 0 : _ends[first - 1];
        updates = _octets.AsMemory(start, _ends[first + count - 1] - start);
        _next += count;
        return true;
    }
}
