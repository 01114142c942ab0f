using System.Text;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>However the UPDATEs of a session are put into batches, the routes are the same: the prefixes of a batch are read ahead of their messages.</summary>
public sealed class BatchTests
{
    private const int Messages = 400;

    [TestCase(1, false)]
    [TestCase(2, false)]
    [TestCase(3, true)]
    public void Updates_ManyInABatchOrOne_SameRoutes(int seed, bool addPath)
    {
        Assert.That(RoutesOf(seed, addPath, perBatch: 400), Is.Not.Empty.And.EqualTo(RoutesOf(seed, addPath, perBatch: 1)));
    }

    /// <summary>Once nothing that comes was ever seen before, also the sets of a batch are made ready ahead of their messages.</summary>
    [TestCase(4)]
    [TestCase(5)]
    public void Updates_AfterAFullTableOfNewSets_SameRoutesAndFaults(int seed)
    {
        using var fresh = new EngineHarness();
        using var worn = new EngineHarness();
        var (first, second) = (Ready(fresh), Ready(worn));
        for (uint set = 0; set < 10_000; set++)
        {
            worn.Announce(second, "192.0.2.0/24", spec => spec.Communities = [set]);
        }

        worn.Withdraw(second, "192.0.2.0/24");
        foreach (var (engine, peer) in new[] { (fresh, first), (worn, second) })
        {
            var random = new Random(seed);
            for (var batch = 0; batch < 20; batch++)
            {
                engine.SendRaw(peer, Enumerable.Range(0, 30).SelectMany(_ => Short(random, peer)).ToArray());
            }

            engine.Settle();
        }

        Assert.That(TextOf(worn), Is.Not.Empty.And.EqualTo(TextOf(fresh)));
        Assert.That(worn.Faults.Select(fault => (fault.Action, fault.Error, fault.Attribute)), Is.Not.Empty.And.EqualTo(fresh.Faults.Select(fault => (fault.Action, fault.Error, fault.Attribute))));
        Assert.That(worn.Verdicts, Is.Empty);
    }

    private static TestPeer Ready(EngineHarness engine)
    {
        var peer = engine.Add(1, client: true);
        engine.Configure();
        engine.Up(peer);
        return peer;
    }

    /// <summary>A few prefixes with a set that is new as a rule; now and then one that is faulty, long, or comes again.</summary>
    private static byte[] Short(Random random, TestPeer peer)
    {
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(buffer, peer.FromPeer);
        var communities = new uint[random.Next(8) == 0 ? 100 : 3];
        for (var at = 0; at < communities.Length; at++)
        {
            communities[at] = (uint)(random.Next(1, 1 << 16) << 8) | (uint)at;
        }

        var isKnown = random.Next(6) == 0;
        var spec = new AttributeSpec { NextHop = peer.Neighbor.Key.Address, LocalPref = isKnown ? 7 : (uint)random.Next(1, 1_000_000), Communities = isKnown ? [] : communities };
        builder.BeginReach(AddressFamily.Ipv4Unicast, spec.Encode());
        for (var count = random.Next(1, 8); count > 0; count--)
        {
            builder.TryAdd(new IpPrefix(IpAddress.V4(0x0af40000 + ((uint)random.Next(300) << 8)), 24), default);
        }

        var message = buffer[..builder.Finish()];
        if (random.Next(8) == 0)
        {
            message[BgpConstants.HeaderLength + 4 + 3] = 9;
        }

        return message;
    }

    private static string RoutesOf(int seed, bool addPath, int perBatch)
    {
        using var engine = new EngineHarness();
        var peer = engine.Add(1, client: true);
        if (addPath)
        {
            peer.FromPeer = peer.FromPeer with { Flags = peer.FromPeer.Flags | CodecFlags.AddPathIpv4 };
        }

        engine.Configure();
        engine.Up(peer);
        var random = new Random(seed);
        var batch = new byte[UpdateBatch.Capacity];
        var (length, count) = (0, 0);
        for (var number = 0; number < Messages; number++)
        {
            var message = Message(random, peer);
            if (count == perBatch || length + message.Length > batch.Length)
            {
                engine.SendRaw(peer, batch.AsSpan(0, length));
                (length, count) = (0, 0);
            }

            message.CopyTo(batch, length);
            length += message.Length;
            count++;
        }

        engine.SendRaw(peer, batch.AsSpan(0, length));
        engine.Settle();
        Assert.That(engine.Verdicts, Is.Empty);
        return TextOf(engine);
    }

    private static string TextOf(EngineHarness engine) =>
        engine.Routes().Aggregate(new StringBuilder(), static (text, route) => text.AppendLine($"{route.Prefix} {route.PathId} {route.LocalPref} {string.Join(' ', route.Communities)}")).ToString();

    /// <summary>From lone prefixes to messages that are full, withdrawals and a set at fault among them.</summary>
    private static byte[] Message(Random random, TestPeer peer)
    {
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(buffer, peer.FromPeer);
        var isWithdrawal = random.Next(4) == 0;
        if (isWithdrawal)
        {
            builder.BeginWithdraw(AddressFamily.Ipv4Unicast);
        }
        else
        {
            builder.BeginReach(AddressFamily.Ipv4Unicast, new AttributeSpec { NextHop = peer.Neighbor.Key.Address, LocalPref = (uint)random.Next(1, 50) }.Encode());
        }

        var prefixes = random.Next(3) switch { 0 => 1, 1 => random.Next(1, 20), _ => 1000 };
        for (var at = 0; at < prefixes; at++)
        {
            var prefix = new IpPrefix(IpAddress.V4(0x0af40000 + ((uint)random.Next(2000) << 8)), 24);
            if (!builder.TryAdd(prefix, new PathId((uint)random.Next(3))))
            {
                break;
            }
        }

        var message = buffer[..builder.Finish()];
        if (!isWithdrawal && random.Next(10) == 0)
        {
            // ORIGIN 9 is a fault that withdraws (RFC 7606 §7.1): its value comes first, after flags, type and length.
            message[BgpConstants.HeaderLength + 4 + 3] = 9;
        }

        return message;
    }
}
