namespace Bgp.Interop.Tests;

/// <summary>Waits for routes, and compares what was sent with what came.</summary>
internal static class Routes
{
    public static Route Await(string prefix, IPeer at, Host from) =>
        Eventually.Some($"{prefix} at {at.Host.Name} from {from.Name}", () => at.Received(prefix, from));

    public static void AwaitNone(string prefix, IPeer at, Host from) =>
        Eventually.Get($"no {prefix} at {at.Host.Name} from {from.Name}", () => at.Received(prefix, from), route => route is null);

    /// <summary>All attributes. Communities are sets: their order means nothing (RFC 1997, RFC 4360, RFC 8092).</summary>
    public static void AssertSame(Route received, Route expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(received.Origin, Is.EqualTo(expected.Origin));
            Assert.That(received.AsPath, Is.EqualTo(expected.AsPath));
            Assert.That(received.NextHop, Is.EqualTo(expected.NextHop));
            Assert.That(received.Med, Is.EqualTo(expected.Med));
            Assert.That(received.LocalPref, Is.EqualTo(expected.LocalPref));
            Assert.That(received.Communities, Is.EquivalentTo(expected.Communities));
            Assert.That(received.LargeCommunities, Is.EquivalentTo(expected.LargeCommunities));
            Assert.That(received.ExtendedCommunities, Is.EquivalentTo(expected.ExtendedCommunities));
            Assert.That(received.OriginatorId, Is.EqualTo(expected.OriginatorId));
            Assert.That(received.ClusterList, Is.EqualTo(expected.ClusterList));
        }
    }
}
