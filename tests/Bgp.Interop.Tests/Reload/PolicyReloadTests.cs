using System.Diagnostics;
using System.Globalization;
using System.Net;
using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>
/// A reload that changes the export policy of a hundred neighbors which have a hundred thousand routes each, of which it concerns one in a hundred: each is sent that difference and nothing else, and
/// KEEPALIVEs keep coming.
/// </summary>
[TestFixture]
internal sealed class PolicyReloadTests
{
    private const int Routes = 100_000;
    private const int Marked = 1_000;
    private const string Feeder = "10.9.0.40";
    private const uint FeederAsn = 65001;
    private const ushort HoldTime = 30;

    private const string Fields = "passive: true, holdTime: 30s, keepalive: 3s, importPolicy: [accept-all], exportPolicy: [out]";
    private const string Everything = "{out: [{action: accept}]}";
    private const string WithoutMarked = "{out: [{match: {communities: \"64512:1\"}, action: reject}, {action: accept}]}";

    /// <summary>The KEEPALIVE time, 3 s, and a margin for a machine that is busy with other things; that KEEPALIVEs leave when they are due is what the simulation shows.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    private static readonly string[] Receivers = [.. Enumerable.Range(50, 98).Select(number => string.Create(CultureInfo.InvariantCulture, $"10.9.0.{number}"))];
    private static readonly string[] BirdReceivers = ["10.9.0.148", "10.9.0.149"];

    [Test]
    public void Reload_ExportPolicyOfAHundredNeighbors_SendsTheDifferenceAndDelaysNoKeepalive()
    {
        using var segment = new Segment();
        var (subject, receivers, feeders, birds) = (segment.Attach("subject"), segment.Attach("receivers"), segment.Attach("feeder"), segment.Attach("bird"));
        using var daemon = new ReloadedDaemon(subject, Text());
        using var peers = new PeerHost(receivers, subject);
        using var feeding = new PeerHost(feeders, subject);
        foreach (var address in Receivers)
        {
            peers.Add(address, ReloadTable.PlainAsn, HoldTime);
        }

        var feeder = feeding.Add(Feeder, FeederAsn, HoldTime);
        using var bird = new BirdSessions(birds, ReloadTable.BirdAsn, subject, ReloadTable.Asn, BirdReceivers);
        Eventually.Get("all sessions", () => daemon.Neighbors().Count(neighbor => neighbor.Value.State != "Established"), down => down == 0);

        feeder.Send(Updates("c0080400000000", 0, Routes - Marked));
        feeder.Send(Updates("c00804fc000001", Routes - Marked, Marked));
        Eventually.Get("all routes everywhere", () => peers.Peers.Values.Min(peer => peer.Prefixes.Announced), least => least >= Routes);
        Eventually.Get("BIRD's routes", bird.RouteCount, count => count == Routes * BirdReceivers.Length);
        var before = peers.Peers.Values.Select(peer => peer.Prefixes).ToList();
        var watch = Stopwatch.StartNew();

        // The network comes last: whoever has it has been sent all that there was before it.
        daemon.Reload(daemon.Text.With("policies", WithoutMarked));
        Eventually.Get("the routes that are no longer let through", () => peers.Peers.Values.Min(peer => peer.Prefixes.Withdrawn), least => least >= Marked);
        var withdrawn = watch.Elapsed;
        daemon.Reload(daemon.Text.With("networks", "[{prefix: 198.51.100.0/24}]"));
        AssertSent(peers, before, announced: 1, withdrawn: Marked);
        Eventually.Get("BIRD's routes without them", bird.RouteCount, count => count == (Routes - Marked + 1) * BirdReceivers.Length);

        daemon.Reload(daemon.Text.With("policies", Everything));
        Eventually.Get("they are announced again", () => peers.Peers.Values.Min(peer => peer.Prefixes.Announced), least => least >= Routes + 1 + Marked);
        daemon.Reload(daemon.Text.With("networks", "[]"));
        AssertSent(peers, before, announced: 1 + Marked, withdrawn: Marked + 1);
        Eventually.Get("BIRD's routes with them", bird.RouteCount, count => count == Routes * BirdReceivers.Length);

        Assert.That(peers.Peers.Values.Append(feeder).Sum(peer => peer.Ends), Is.Zero, "sessions that ended");
        Assert.That(daemon.Neighbors().Sum(neighbor => neighbor.Value.Flaps), Is.Zero);
        var silence = peers.Peers.Values.Max(peer => peer.LongestSilence);
        TestContext.Out.WriteLine($"withdrawn from all after {withdrawn.TotalMilliseconds:f0} ms; the longest time between two KEEPALIVEs was {silence.TotalSeconds:f2} s");
        Assert.That(silence, Is.LessThan(LongestSilence));
    }

    private static void AssertSent(PeerHost peers, List<(int Announced, int Withdrawn)> before, int announced, int withdrawn)
    {
        var wanted = before.Select(count => (count.Announced + announced, count.Withdrawn + withdrawn)).ToList();
        Eventually.Get("the network", () => peers.Peers.Values.Min(peer => peer.Prefixes.Announced + peer.Prefixes.Withdrawn), least => least >= wanted.Min(count => count.Item1 + count.Item2));
        Assert.That(peers.Peers.Values.Select(peer => peer.Prefixes), Is.EqualTo(wanted));
    }

    private static RouterText Text()
    {
        var text = new RouterText().WithRouter("asn", "64512").WithRouter("routerId", "10.9.0.1").With("policies", Everything).With("fib", "{table: 1000}").With("log", "{level: warn}");
        text = Receivers.Aggregate(text, (so, address) => so.WithNeighbor(address, $"asn: {ReloadTable.PlainAsn}, {Fields}"));
        text = BirdReceivers.Aggregate(text, (so, address) => so.WithNeighbor(address, $"asn: {ReloadTable.BirdAsn}, {Fields}"));
        return text.WithNeighbor(Feeder, $"asn: {FeederAsn}, passive: true, importPolicy: [accept-all]");
    }

    /// <summary>UPDATEs of /24s from 20.0.0.0 on: ORIGIN, AS_PATH, NEXT_HOP and communities as hex.</summary>
    private static byte[] Updates(string communities, int first, int count)
    {
        const int PerMessage = 900;
        byte[] paths =
        [
            .. Convert.FromHexString("40010100" + "4002060201" + "0000fde9"), 0x40, 0x03, 0x04, .. IPAddress.Parse(Feeder).GetAddressBytes(),
            .. Convert.FromHexString(communities),
        ];
        var all = new MemoryStream();
        for (var from = first; from < first + count; from += PerMessage)
        {
            var prefixes = Enumerable.Range(from, Math.Min(PerMessage, first + count - from)).SelectMany(number => (byte[])[24, (byte)(20 + (number >> 16)), (byte)(number >> 8), (byte)number]);
            all.Write(RawMessages.Message(MessageType.Update, [0, 0, 0, (byte)paths.Length, .. paths, .. prefixes]));
        }

        return all.ToArray();
    }
}
