using Bgp.Protocol;

namespace Bgp.Engine.Tests;

public sealed class PrefixIndexTests
{
    [Test]
    public void Index_AddsAndRemovesAtRandom_FindsWhatADictionaryFinds([Values] bool isV6)
    {
        var random = new Random(5);
        var index = new PrefixIndex(isV6, seed: 9);
        var known = new Dictionary<IpPrefix, int>();
        for (var step = 0; step < 20_000; step++)
        {
            var value = (ulong)random.Next(3000);
            var prefix = isV6 ? new IpPrefix(IpAddress.V6(value << 40, value), random.Next(100, 129)) : new IpPrefix(IpAddress.V4((uint)value << 8), random.Next(20, 33));
            if (known.Remove(prefix, out var number))
            {
                index.Remove(number);
            }
            else
            {
                known.Add(prefix, index.Add(prefix));
            }
        }

        Assert.That(index.Count, Is.EqualTo(known.Count));
        Assert.That(known.Values, Is.Unique);
        Assert.That(known.Keys.Select(prefix => index.Find(prefix)), Is.EqualTo(known.Values));
        Assert.That(known.Select(pair => index[pair.Value]), Is.EqualTo(known.Keys));
    }
}
