namespace Bgp.Interop.Tests;

/// <summary>Settings of a single session, with a BIRD of another AS at the other end.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SessionSettingTests : IDisposable
{
    private const string Prefix = "198.51.100.0/24";
    private const string Other = "203.0.113.0/24";

    private readonly PairTopology _pair = new();

    public void Dispose() => _pair.Dispose();

    [Test]
    public void Password_SameOnBothSides_SessionComesUp()
    {
        _pair.Start(["password: secret"], ["password \"secret\";"]);

        _pair.AwaitSession();

        Assert.That(_pair.Subject.Neighbor(_pair.Peer.Host).GetProperty("md5").GetBoolean(), Is.True);
    }

    [Test]
    public void TtlSecurity_OnBothSides_SessionComesUp()
    {
        _pair.Start(["ttlSecurity: 1"], ["ttl security on;"]);

        _pair.AwaitSession();
    }

    /// <summary>BIRD sends with a TTL of 1: our kernel drops it, whatever the peer.</summary>
    [Test]
    public void TtlSecurity_OnlyOurs_NothingIsTaken()
    {
        _pair.Start(["ttlSecurity: 1"], []);

        Eventually.Get("packets dropped for their TTL", () => _pair.Subject.Host.TcpCounter("TCPMinTTLDrop"), count => count > 1);

        Assert.That(_pair.Subject.IsEstablished(_pair.Peer.Host), Is.False);
    }

    [Test]
    public void ExtendedMessages_OnBothSides_AreNegotiatedAndRoutesFlow()
    {
        _pair.Start([], ["enable extended messages on;"]);
        _pair.AwaitSession();

        _pair.Peer.Announce(new Route(Prefix));

        Routes.Await(Prefix, _pair.Subject, _pair.Peer.Host);
    }

    [TestCase("provider", "customer")]
    [TestCase("customer", "provider")]
    [TestCase("peer", "peer")]
    [TestCase("rs", "rs_client")]
    public void Role_Counterparts_MeetInStrictMode(string ours, string theirs)
    {
        _pair.Start([$"role: {ours}", "roleStrict: true"], [$"local role {theirs};", "require roles on;"]);

        _pair.AwaitSession();
    }

    [Test]
    public void Role_BothProviders_IsARoleMismatch()
    {
        _pair.Start(["role: provider"], ["local role provider;"]);

        var error = Eventually.Some("an end with a reason", () => _pair.Subject.LastError(_pair.Peer.Host));

        Assert.That(error, Does.Contain("Role Mismatch").IgnoreCase);
    }

    [Test]
    public void MaxPrefixes_Exceeded_EndsTheSessionWithTheReason()
    {
        _pair.Start(["maxPrefixes: {limit: 1, restartAfter: 1h}"], []);
        _pair.AwaitSession();

        _pair.Peer.Announce(new Route(Prefix), new Route(Other));

        Eventually.Get("BIRD's reason", () => _pair.Peer.NotificationsFrom(_pair.Subject.Host), reasons => reasons.Any(reason => reason.Contains("prefixes", StringComparison.OrdinalIgnoreCase)));
        Assert.That(_pair.Subject.Neighbor(_pair.Peer.Host).GetProperty("state").GetString(), Is.EqualTo("Idle"));
    }

    [Test]
    public void Disable_WithMessage_BirdShowsIt()
    {
        _pair.Start([], []);
        _pair.AwaitSession();

        _pair.Subject.Disable(_pair.Peer.Host, "back at noon");

        Eventually.Get("the message in BIRD's log", () => _pair.Peer.NotificationsFrom(_pair.Subject.Host), reasons => reasons.Any(reason => reason.Contains("back at noon", StringComparison.Ordinal)));
    }

    [TestCase("prepend", "65010 64512")]
    [TestCase("replace", "65010")]
    public void LocalAsn_Shown_StandsInAnnouncedPaths(string mode, string path)
    {
        _pair.Start(["localAsn: 65010", $"localAsnMode: {mode}"], [], shownAsn: 65010);
        _pair.AwaitSession();

        _pair.Subject.Announce(new Route(Other));

        Assert.That(Routes.Await(Other, _pair.Peer, _pair.Subject.Host).AsPath, Is.EqualTo(path));
    }

    [Test]
    public void LinkLocal_Session_CarriesBothFamiliesIntoTheKernel()
    {
        _pair.Start([], [], isLinkLocal: true);
        _pair.AwaitSession();

        _pair.Peer.Announce(new Route(Prefix), new Route("2001:db8:100::/48"));
        _pair.Subject.Announce(new Route("2001:db8:200::/48"));

        Eventually.Get("the IPv4 route in the kernel", () => _pair.Subject.Host.Namespace.Ip("-4", "route", "show", Prefix), text => text.Contains("via inet6 ", StringComparison.Ordinal) && text.Contains("dev eth0", StringComparison.Ordinal));
        Eventually.Get("the IPv6 route in the kernel", () => _pair.Subject.Host.Namespace.Ip("-6", "route", "show", "2001:db8:100::/48"), text => text.Contains("via ", StringComparison.Ordinal) && text.Contains("dev eth0", StringComparison.Ordinal));
        Routes.Await("2001:db8:200::/48", _pair.Peer, _pair.Subject.Host);
    }

    [Test]
    public void Policies_InAndOut_ChangeWhatTheySay()
    {
        const string Policies = """
            policies:
              in:
                - {match: {communities: ["65001:*"], asPath: "^65001_"}, set: {localPref: 250, addCommunities: ["64512:1"]}, action: accept}
              out:
                - {set: {med: 77, prepend: [64999], communities: ["64512:2", NO_EXPORT], largeCommunities: ["64512:1:2"]}, action: accept}
            """;
        _pair.Start(["importPolicy: [in]", "exportPolicy: [out]"], [], Policies);
        _pair.AwaitSession();

        _pair.Peer.Announce(new Route(Prefix) { Communities = ["65001:5"] }, new Route(Other));
        _pair.Subject.Announce(new Route("192.0.2.0/25"));

        var received = Routes.Await("192.0.2.0/25", _pair.Peer, _pair.Subject.Host);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(received.AsPath, Is.EqualTo("64512 64999"));
            Assert.That(received.Med, Is.EqualTo(77));
            Assert.That(received.Communities, Is.EquivalentTo(["64512:2", "65535:65281"]));
            Assert.That(received.LargeCommunities, Is.EqualTo(["64512:1:2"]));
        }

        var imported = Eventually.Some("the imported route", () => _pair.Subject.Imported(Prefix));
        Assert.That((imported.LocalPref, string.Join(' ', imported.Communities)), Is.EqualTo(((uint?)250, "64512:1 65001:5")));
        Eventually.Holds("the other one was rejected and kept", () => _pair.Subject.Received(Other, _pair.Peer.Host) is not null && _pair.Subject.Imported(Other) is null);
    }
}
