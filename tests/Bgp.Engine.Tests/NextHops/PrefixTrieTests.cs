using Bgp.Protocol;

namespace Bgp.Engine.Tests;

public sealed class PrefixTrieTests
{
    [Test]
    public void Match_RandomPrefixesAddedAndRemoved_IsWhatANaiveScanFinds([Values(1, 2, 3, 4)] int seed, [Values] bool isV4)
    {
        var random = new Random(seed);
        var trie = new PrefixTrie<string>();
        var naive = new Dictionary<IpPrefix, string>();
        for (var step = 0; step < 5000; step++)
        {
            var prefix = RandomPrefix(random, isV4);
            if (random.Next(5) < 2)
            {
                trie.Remove(prefix);
                naive.Remove(prefix);
            }
            else
            {
                naive[prefix] = trie.GetOrAdd(prefix, prefix.ToString);
            }

            var address = RandomPrefix(random, isV4).Address;
            var expected = naive.Keys.Where(candidate => candidate.Contains(address)).OrderByDescending(candidate => candidate.Length).FirstOrDefault();
            var length = trie.Match(address, out var found);
            Assert.That((length, found), Is.EqualTo(expected == default ? (-1, null) : ((int)expected.Length, expected.ToString())), $"step {step}: {address}");
            Assert.That(trie.TryGet(prefix, out _), Is.EqualTo(naive.ContainsKey(prefix)));
        }

        Assert.That(trie.Count, Is.EqualTo(naive.Count));
    }

    [Test]
    public void Remove_AllInAnyOrder_LeavesNothing()
    {
        var random = new Random(11);
        var trie = new PrefixTrie<string>();
        var prefixes = Enumerable.Range(0, 500).Select(_ => RandomPrefix(random, isV4: false)).Distinct().ToArray();
        foreach (var prefix in prefixes)
        {
            trie.GetOrAdd(prefix, prefix.ToString);
        }

        random.Shuffle(prefixes);
        foreach (var prefix in prefixes)
        {
            trie.Remove(prefix);
        }

        Assert.That(trie.Count, Is.Zero);
        Assert.That(prefixes.Select(prefix => trie.Match(prefix.Address, out _)), Is.All.EqualTo(-1));
    }

    /// <summary>Few distinct bits at both ends of the address, so that prefixes cover and fork one another at all depths.</summary>
    private static IpPrefix RandomPrefix(Random random, bool isV4)
    {
        var first = (ulong)random.Next(8) << 61;
        var last = (ulong)random.Next(8);
        return isV4
            ? new IpPrefix(IpAddress.V4((uint)(first >> 32) | (uint)last), random.Next(33))
            : new IpPrefix(IpAddress.V6(first | last, first | last), random.Next(129));
    }
}
