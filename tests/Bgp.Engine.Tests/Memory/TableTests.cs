using System.Runtime.CompilerServices;

namespace Bgp.Engine.Tests;

/// <summary>The unmanaged tables against plain collections, by seed.</summary>
public sealed class TableTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void DestinationTable_RandomOperations_LikeADictionary(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<(uint, int), uint>();
        using var table = new DestinationTable<Ipv4Bits>((ulong)seed);
        for (var step = 0; step < 50_000; step++)
        {
            var length = random.Next(8, 33);
            var bits = new Ipv4Bits((uint)random.Next(0, 3000) << (32 - length));
            var hash = table.Hash(bits, length);
            if (random.Next(3) > 0)
            {
                var index = table.FindOrAdd(bits, length, hash);
                Assert.That(model.TryAdd((bits.Value, length), index) || model[(bits.Value, length)] == index, Is.True);
            }
            else if (model.Remove((bits.Value, length), out var known))
            {
                Assert.That(table.Find(bits, length, hash), Is.EqualTo(known));
                table.Remove(known);
            }
            else
            {
                Assert.That(table.Find(bits, length, hash), Is.Zero);
            }
        }

        Assert.That(table.Count, Is.EqualTo(model.Count));
        foreach (var ((bits, length), index) in model)
        {
            Assert.That(table.Find(new Ipv4Bits(bits), length, table.Hash(new Ipv4Bits(bits), length)), Is.EqualTo(index));
        }
    }

    [Test]
    public void Destination_PathsComeAndGo_OrderIsKeptInLineAndInBlocks()
    {
        using var table = new DestinationTable<Ipv6Bits>(1);
        var index = table.FindOrAdd(new Ipv6Bits(1, 2), 64, 42);
        var model = new List<ushort>();
        var random = new Random(5);
        for (var step = 0; step < 2000; step++)
        {
            ref var destination = ref table[index];
            if (random.Next(100) < 52 || model.Count == 0)
            {
                table.AddPath(ref destination, new PathEntry { Slot = (ushort)step });
                model.Add((ushort)step);
            }
            else
            {
                var at = random.Next(model.Count);
                table.RemovePath(ref destination, at);
                model.RemoveAt(at);
            }

            Assert.That(table.Paths(ref destination).ToArray().Select(path => path.Slot), Is.EqualTo(model));
        }

        Assert.That(table.PathCount, Is.EqualTo(model.Count));
    }

    [Test]
    public void Destination_BothFamilies_AreOneCacheLine()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Unsafe.SizeOf<Destination<Ipv4Bits>>(), Is.EqualTo(64));
            Assert.That(Unsafe.SizeOf<Destination<Ipv6Bits>>(), Is.EqualTo(64));
            Assert.That(Unsafe.SizeOf<PathEntry>(), Is.EqualTo(20));
            Assert.That(Unsafe.SizeOf<AttributeSet>(), Is.EqualTo(64));
            Assert.That(Unsafe.SizeOf<OutEntry>(), Is.EqualTo(8));
        });
    }

    [Test]
    public void IndexBitmap_RandomOperations_LikeASortedSet()
    {
        var random = new Random(9);
        var model = new SortedSet<uint>();
        using var bitmap = new IndexBitmap();
        for (var step = 0; step < 20_000; step++)
        {
            var index = (uint)random.Next(1, 5000);
            if (random.Next(2) == 0)
            {
                bitmap.Add(index);
                model.Add(index);
            }
            else
            {
                bitmap.Remove(index);
                model.Remove(index);
            }

            if (model.Count > 0)
            {
                var from = (uint)random.Next(0, 6000);
                var expected = model.GetViewBetween(from, uint.MaxValue) is { Count: > 0 } after ? after.Min : model.Min;
                Assert.That(bitmap.Next(from), Is.EqualTo(expected));
            }
        }

        Assert.That(bitmap.Count, Is.EqualTo(model.Count));
    }

    [Test]
    public void DeadlineHeap_RandomOperations_LikeASortedSet()
    {
        var random = new Random(11);
        var heap = new DeadlineHeap();
        var model = new Dictionary<int, Instant>();
        for (var step = 0; step < 20_000; step++)
        {
            var id = random.Next(200);
            Instant? at = random.Next(4) == 0 ? null : new Instant(random.Next(1000));
            heap.Set(id, at);
            model.Remove(id);
            if (at is { } deadline)
            {
                model.Add(id, deadline);
            }

            if (random.Next(10) == 0)
            {
                var now = new Instant(random.Next(1000));
                var expected = model.Where(entry => entry.Value <= now).OrderBy(entry => (entry.Value, entry.Key)).Select(entry => (int?)entry.Key).FirstOrDefault();
                var taken = heap.TryTake(now, out var first);
                Assert.That(taken ? (int?)first : null, Is.EqualTo(expected));
                model.Remove(first);
            }

            Assert.That(heap.Earliest, Is.EqualTo(model.Count == 0 ? null : model.Values.Min()));
        }
    }

    [Test]
    public void Engine_Disposed_ReturnsAllUnmanagedMemory()
    {
        var before = NativeArena.LiveBytes;
        using (var engine = new EngineHarness())
        {
            var peer = engine.Add(1, client: true);
            engine.Configure();
            engine.Up(peer);
            engine.Announce(peer, GroupTests.Many(3000));
            engine.Settle();
            Assert.That(NativeArena.LiveBytes, Is.GreaterThan(before));
        }

        Assert.That(NativeArena.LiveBytes, Is.EqualTo(before));
    }
}
