namespace Bgp.Load;

/// <summary>What every receiver must have in the end: the winning path of each prefix, by number.</summary>
internal sealed class Expectation
{
    /// <summary>Stands for no path.</summary>
    public const int None = -1;

    private readonly int[] _winners;
    private readonly List<PathSpec> _paths = [];
    private int[] _sources = [];

    public Expectation(PrefixSpace space)
    {
        Space = space;
        _winners = new int[space.Count];
        Array.Fill(_winners, None);
    }

    public PrefixSpace Space { get; }

    public IReadOnlyList<PathSpec> Paths => _paths;

    /// <summary>Makes a path and gives it the next number.</summary>
    public PathSpec AddPath(int source, uint nextHop, params ReadOnlySpan<uint> asPath)
    {
        var path = new PathSpec(_paths.Count, source, nextHop, asPath);
        _paths.Add(path);
        if (path.Id >= _sources.Length)
        {
            Array.Resize(ref _sources, Math.Max(16, 2 * _sources.Length));
        }

        _sources[path.Id] = source;
        return path;
    }

    /// <summary>The winner of a prefix, or <see cref="None"/>.</summary>
    public int Winner(int prefix) => _winners[prefix];

    public void SetWinner(int prefix, int path) => _winners[prefix] = path;

    /// <summary>What one client must have of a prefix: the winner, but for its own, which nobody tells it.</summary>
    public int Wanted(int prefix, int client)
    {
        var winner = _winners[prefix];
        return winner >= 0 && _sources[winner] == client ? None : winner;
    }

    /// <summary>
    /// The winner among paths: the shortest AS_PATH (RFC 4271 §9.1.2.2 a). In our scenarios one alone is the shortest, because daemons do not agree on the
    /// last steps: some prefer the older path, some the lower router id.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is none, or two are equally short.</exception>
    public static PathSpec Best(IReadOnlyList<PathSpec> paths)
    {
        var best = paths.MinBy(path => path.AsPathLength) ?? throw new InvalidOperationException("no path");
        return paths.Count(path => path.AsPathLength == best.AsPathLength) == 1
            ? best
            : throw new InvalidOperationException($"paths {string.Join(", ", paths.Select(path => path.Id))} are equally good");
    }
}
