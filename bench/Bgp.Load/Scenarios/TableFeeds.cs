namespace Bgp.Load;

/// <summary>
/// eBGP feeds that all announce the same table of the Internet's shape to one eBGP receiver. Prefixes are scattered over attribute sets, and a
/// set has the same prefixes at every feed, with an AS path of the feed's own. Each feed tells its sets in an order of its own, as routers do that walk tables of theirs.
/// </summary>
/// <param name="feeds">How many feeds.</param>
/// <param name="prefixes">How many prefixes.</param>
/// <param name="sets">Over how many attribute sets.</param>
internal sealed class TableFeeds(int feeds, int prefixes, int sets)
{
    private const uint FirstFeedAsn = 65001;
    private const uint ReceiverAsn = 65000;
    private const uint FirstTransitAsn = 3000;
    private const uint FirstOriginAsn = 100_000;
    private const int Transits = 60;
    private const int Origins = 50_000;

    /// <summary>The plan: the feeds first, then the receiver.</summary>
    /// <param name="pathLength">The length of the AS path of a set at a feed; the shortest one alone wins.</param>
    public LoadPlan Plan(Func<int, int, int> pathLength)
    {
        var expectation = new Expectation(PrefixSpace.Table(prefixes));
        var members = Members();
        var encoders = Enumerable.Range(0, feeds).Select(_ => new FeedEncoder(expectation.Space, isInternal: false)).ToList();
        var pathsOf = new List<PathSpec>[sets];
        for (var set = 0; set < sets; set++)
        {
            var paths = Enumerable.Range(0, feeds).Select(feed => AddPath(expectation, feed, set, pathLength(feed, set))).ToList();
            var winner = Expectation.Best(paths).Id;
            foreach (var prefix in members[set])
            {
                expectation.SetWinner(prefix, winner);
            }

            pathsOf[set] = paths;
        }

        for (var feed = 0; feed < feeds; feed++)
        {
            foreach (var set in OrderOf(feed))
            {
                encoders[feed].Announce(pathsOf[set][feed], members[set]);
            }
        }

        var clients = encoders.Select((encoder, feed) => NewFeed(feed) with { Announcements = encoder.Finish(), AnnouncedPrefixes = encoder.Prefixes }).ToList();
        clients.Add(new ClientPlan { Index = feeds, Asn = ReceiverAsn, IsReceiver = true });
        return new LoadPlan { Clients = clients, Expectation = expectation };
    }

    public static ClientPlan NewFeed(int feed) => new() { Index = feed, Asn = FirstFeedAsn + (uint)feed };

    /// <summary>Makes the path of a set at a feed.</summary>
    public static PathSpec AddPath(Expectation expectation, int feed, int set, int length)
    {
        Span<uint> path = stackalloc uint[length];
        for (var hop = 0; hop < length; hop++)
        {
            path[hop] = hop == 0 ? FirstFeedAsn + (uint)feed
                : hop == length - 1 ? FirstOriginAsn + (uint)(set % Origins)
                : FirstTransitAsn + (uint)Mix.Below(Transits, set, hop);
        }

        return expectation.AddPath(feed, LoadAddresses.Client(feed), path);
    }

    /// <summary>The order in which a feed tells its sets.</summary>
    private int[] OrderOf(int feed)
    {
        var order = Enumerable.Range(0, sets).ToArray();
        for (var at = sets - 1; at > 0; at--)
        {
            var other = Mix.Below(at + 1, feed, at);
            (order[at], order[other]) = (order[other], order[at]);
        }

        return order;
    }

    private List<int>[] Members()
    {
        var members = new List<int>[sets];
        for (var set = 0; set < sets; set++)
        {
            members[set] = [];
        }

        for (var prefix = 0; prefix < prefixes; prefix++)
        {
            // The first ones make sure that no set is empty.
            members[prefix < sets ? prefix : Mix.Below(sets, prefix)].Add(prefix);
        }

        return members;
    }
}
