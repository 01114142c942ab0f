using System.Diagnostics;

namespace Bgp.Load;

/// <summary>
/// Changes whose way through a busy daemon is timed, one after the other between all the rest: prefixes of their own, each of which one feed gives the shortest of all AS paths, now
/// with these and now with those attributes. So the receiver must be told of every one, whatever the other feeds say, and knows it by its attributes.
/// </summary>
internal sealed class TimedChanges
{
    private const int PathLength = 1;
    private const int Variants = 2;

    private readonly Change[] _changes;
    private readonly List<double> _seconds = [];
    private readonly List<int> _underWay = [];

    /// <param name="expectation">Where its paths are added.</param>
    /// <param name="feeds">How many feeds take turns.</param>
    /// <param name="prefixes">How many prefixes: the first ones of all.</param>
    public TimedChanges(Expectation expectation, int feeds, int prefixes)
    {
        _changes = [.. Enumerable.Range(0, prefixes).Select(prefix => new Change(expectation, prefix, prefix % feeds))];
    }

    /// <summary>The seconds of each change that arrived.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>How many times a prefix had its turn.</summary>
    public long Turns { get; private set; }

    /// <summary>The next change, in turn; false where the last one of its prefix is still under way, and goes on being timed.</summary>
    /// <param name="now">By <see cref="Stopwatch"/>.</param>
    /// <param name="feed">Whose change it is.</param>
    /// <param name="update">The message.</param>
    public bool TryNext(long now, out int feed, out ReadOnlyMemory<byte> update)
    {
        var index = (int)(Turns++ % _changes.Length);
        var change = _changes[index];
        feed = change.Feed;
        update = default;
        if (_underWay.Contains(index))
        {
            return false;
        }

        update = change.Begin(now);
        _underWay.Add(index);
        return true;
    }

    /// <summary>Looks which have arrived by now.</summary>
    /// <param name="now">By <see cref="Stopwatch"/>.</param>
    /// <param name="current">The number of the path that the receiver has for a prefix.</param>
    public void Collect(long now, Func<int, int> current)
    {
        for (var i = _underWay.Count - 1; i >= 0; i--)
        {
            var change = _changes[_underWay[i]];
            if (current(_underWay[i]) == change.Path)
            {
                Note(now, change);
                _underWay.RemoveAt(i);
            }
        }
    }

    /// <summary>Nothing more is waited for: what is under way counts with the time that it took so far.</summary>
    public void End(long now)
    {
        _underWay.ForEach(index => Note(now, _changes[index]));
        _underWay.Clear();
    }

    private void Note(long now, Change change) => _seconds.Add((now - change.Since) / (double)Stopwatch.Frequency);

    private sealed class Change
    {
        private readonly (int Path, byte[] Update)[] _variants;
        private int _variant;

        public Change(Expectation expectation, int prefix, int feed)
        {
            Feed = feed;
            _variants = [.. Enumerable.Range(0, Variants).Select(variant => Encode(expectation, prefix, feed, variant))];
        }

        public int Feed { get; }

        public int Path => _variants[_variant].Path;

        public long Since { get; private set; }

        public byte[] Begin(long now)
        {
            Since = now;
            _variant = (_variant + 1) % Variants;
            return _variants[_variant].Update;
        }

        private static (int Path, byte[] Update) Encode(Expectation expectation, int prefix, int feed, int variant)
        {
            var path = TableFeeds.AddPath(expectation, feed, (Variants * prefix) + variant, PathLength);
            var encoder = new FeedEncoder(expectation.Space, isInternal: false);
            encoder.Announce(path, [prefix]);
            return (path.Id, encoder.Finish());
        }
    }
}
