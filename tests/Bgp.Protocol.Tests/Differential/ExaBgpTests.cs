using System.Diagnostics;
using System.Globalization;

namespace Bgp.Protocol.Tests;

/// <summary>
/// What ExaBGP's decoder reads in the same octets as ours. It was written by others from the same RFCs, so that a mistake of ours that encoder and
/// decoder share does not hide here.
/// <para>
/// Where ExaBGP 4.2 differs, <see cref="UpdateMaker"/> makes no such message: it does not merge AS4_AGGREGATOR; of AS_PATH it keeps all sequences and all
/// sets apart and drops confederation segments, and it merges AS4_PATH in each of the two by itself, so that a partial AS4_PATH with a set comes out
/// wrong (RFC 6793 §4.2.3); it gives a prefix twice where the next hop has a link-local address too; it keeps bits past a prefix's length; of an EVPN
/// MAC Mobility community (RFC 7432 §7.7) it clears the flags and what is reserved.
/// </para>
/// </summary>
public sealed class ExaBgpTests
{
    private const ulong Seed = 6793;
    private const int Count = 5000;
    private const string Python = "/usr/bin/python3"; // Debian's own, which sees Debian's modules
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Test]
    public async Task Updates_DecodedByExaBgp_MeanTheSame()
    {
        var maker = new UpdateMaker(Seed);
        var updates = Enumerable.Range(0, Count).Select(index => maker.Make((ulong)index)).ToArray();
        var answers = await DecodeAsync(updates.Select(static update => $"{(update.FourOctets ? 4 : 2)} {Convert.ToHexStringLower(update.Body)}\n"));
        Assert.That(answers, Has.Length.EqualTo(Count));
        using (Assert.EnterMultipleScope())
        {
            for (var index = 0; index < Count; index++)
            {
                var (body, fourOctets) = updates[index];
                Assert.That(Describe(body, fourOctets), Is.EqualTo(answers[index]), $"seed {Seed}, index {index}: {Convert.ToHexStringLower(body)}");
            }
        }
    }

    private static async Task<string[]> DecodeAsync(IEnumerable<string> lines)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var start = new ProcessStartInfo(Python, ["-B", Path.Combine(TestContext.CurrentContext.TestDirectory, "exabgp-decode.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.StandardInput.WriteAsync(string.Concat(lines).AsMemory(), deadline.Token);
        process.StandardInput.Close();
        var answers = await output;
        await process.WaitForExitAsync(deadline.Token);
        Assert.That(process.ExitCode, Is.Zero, await errors);
        return answers.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What we read, in the words of <c>exabgp-decode.py</c>.</summary>
    private static string Describe(byte[] body, bool fourOctets)
    {
        var profile = new CodecProfile(fourOctets ? CodecFlags.FourOctetAs : CodecFlags.None, BgpConstants.MaxMessageLength);
        var update = new DecodedUpdate();
        UpdateDecoder.Split(body, profile, ref update);
        Assert.That(update.Action, Is.EqualTo(UpdateErrorAction.None));
        List<string> words = [];
        AddPrefixes(words, "withdraw ", update.Withdrawn, AddressFamily.Ipv4Unicast, update.UnreachNlri, AddressFamily.Ipv6Unicast);
        if (!update.HasAnnouncement)
        {
            return string.Join(' ', words);
        }

        AddPrefixes(words, "announce ", update.Announced, AddressFamily.Ipv4Unicast, update.ReachNlri, AddressFamily.Ipv6Unicast);
        var canonical = new byte[BgpConstants.MaxCanonicalLength];
        var action = UpdateDecoder.Canonicalize(
            update.AttributeBytes, profile, update.HasReach, update.ReachNextHop, canonical, out var written, out _, out _);
        Assert.That(action, Is.EqualTo(UpdateErrorAction.None));
        var attributes = new PathAttributes(canonical.AsSpan(0, written));
        words.Add($"next-hop={attributes.NextHop}");
        foreach (var attribute in attributes)
        {
            if (attribute.Type != AttributeType.NextHop)
            {
                words.Add(Describe(attribute, attributes));
            }
        }

        return string.Join(' ', words);
    }

    private static string Describe(PathAttribute attribute, PathAttributes all) => attribute.Type switch
    {
        AttributeType.Origin => $"origin={(byte)all.Origin}",
        AttributeType.AsPath => $"path={Numbers(all.AsPath, AsPathSegmentType.AsSequence)}/{Numbers(all.AsPath, AsPathSegmentType.AsSet)}",
        AttributeType.MultiExitDisc => $"med={all.Med}",
        AttributeType.LocalPref => $"local-pref={all.LocalPref}",
        AttributeType.AtomicAggregate => "atomic",
        AttributeType.Aggregator => $"aggregator={all.Aggregator?.Asn}@{all.Aggregator?.Address}",
        AttributeType.Communities => "communities=" + Members(attribute.Value, 4),
        AttributeType.OriginatorId => $"originator={all.OriginatorId}",
        AttributeType.ClusterList => "clusters=" + Clusters(all.ClusterList),
        AttributeType.ExtendedCommunities => "extended=" + Members(attribute.Value, 8),
        AttributeType.LargeCommunities => "large=" + Members(attribute.Value, 12),
        _ => $"other-{(byte)attribute.Type}",
    };

    private static string Members(ReadOnlySpan<byte> value, int size)
    {
        List<string> members = [];
        for (; !value.IsEmpty; value = value[size..])
        {
            members.Add(Convert.ToHexStringLower(value[..size]));
        }

        return string.Join(',', members);
    }

    private static string Numbers(AsPathView path, AsPathSegmentType type)
    {
        List<string> numbers = [];
        foreach (var segment in path)
        {
            for (var at = 0; at < segment.Count && segment.Type == type; at++)
            {
                numbers.Add(segment[at].Value.ToString(CultureInfo.InvariantCulture));
            }
        }

        return string.Join(',', numbers);
    }

    private static string Clusters(ClusterListView list)
    {
        var clusters = new string[list.Count];
        for (var at = 0; at < clusters.Length; at++)
        {
            clusters[at] = list[at].ToString();
        }

        return string.Join(',', clusters);
    }

    private static void AddPrefixes(
        List<string> words, string verb, ReadOnlySpan<byte> classic, AddressFamily classicFamily, ReadOnlySpan<byte> multiprotocol, AddressFamily family)
    {
        List<string> prefixes = [];
        var reader = new NlriReader(classic, classicFamily, addPath: false);
        while (reader.TryRead(out var prefix, out _))
        {
            prefixes.Add(prefix.ToString());
        }

        reader = new NlriReader(multiprotocol, family, addPath: false);
        while (reader.TryRead(out var prefix, out _))
        {
            prefixes.Add(prefix.ToString());
        }

        if (prefixes.Count != 0)
        {
            words.Add(verb + string.Join(',', prefixes));
        }
    }
}
