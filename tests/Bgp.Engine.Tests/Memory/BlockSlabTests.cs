namespace Bgp.Engine.Tests;

/// <summary>Blocks of a slab against plain lists, and what becomes of the memory of those that were freed.</summary>
public sealed class BlockSlabTests
{
    [TestCase(1)]
    [TestCase(2)]
    public void Blocks_ComeAndGoInAllSizes_EachKeepsWhatIsWrittenIntoIt(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<uint, int>();
        using var slab = new BlockSlab<int>();
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(100) < 55 || model.Count == 0)
            {
                // Some are larger than a chunk.
                var count = random.Next(200) == 0 ? random.Next(1, 10_000) : random.Next(1, 100);
                var handle = slab.Allocate(count);
                Assert.That(handle, Is.Not.Zero);
                Assert.That(slab.Capacity(handle), Is.GreaterThanOrEqualTo(count));
                slab.Block(handle).Fill(step);
                Assert.That(model.TryAdd(handle, step), Is.True, "given out once");
            }
            else
            {
                var (handle, content) = model.ElementAt(random.Next(model.Count));
                Assert.That(slab.Block(handle).IndexOfAnyExcept(content), Is.EqualTo(-1));
                slab.Free(handle);
                model.Remove(handle);
            }
        }

        Assert.That(slab.Count, Is.EqualTo(model.Count));
    }

    [Test]
    public void Blocks_OfOneSizeAreAllFreed_TheirMemoryServesAnother()
    {
        using var slab = new BlockSlab<int>();
        var small = Enumerable.Range(0, 4096).Select(_ => slab.Allocate(4)).ToList();
        var live = NativeArena.LiveBytes;
        small.ForEach(slab.Free);
        for (var block = 0; block < 256; block++)
        {
            slab.Allocate(64);
        }

        Assert.That(NativeArena.LiveBytes, Is.EqualTo(live));
    }

    [Test]
    public void Dispose_BlocksAreOut_NoMemoryIsLeft()
    {
        var before = NativeArena.LiveBytes;
        using (var slab = new BlockSlab<int>())
        {
            slab.Allocate(5);
            slab.Free(slab.Allocate(50_000));
            slab.Allocate(20_000);
        }

        Assert.That(NativeArena.LiveBytes, Is.EqualTo(before));
    }
}
