namespace Bgp.Protocol.Tests;

/// <summary>The path of an UPDATE takes nothing from the heap.</summary>
public sealed class AllocationTests
{
    private readonly byte[] _key = new byte[BgpConstants.MaxMessageLength];
    private readonly byte[] _canonical = new byte[BgpConstants.MaxCanonicalLength];
    private readonly byte[] _message = new byte[BgpConstants.MaxMessageLength];

    [TestCaseSource(typeof(WireFixture), nameof(WireFixture.Updates))]
    public void Update_DecodedAndEncoded_TakesNothingFromTheHeap(WireFixture fixture)
    {
        Run(fixture);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(fixture);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private void Run(WireFixture fixture)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(fixture.Body, fixture.Profile, ref update);
        UpdateDecoder.WriteRawKey(update, _key);
        Encode(update, fixture.Profile, AddressFamily.Ipv4Unicast, update.Announced, useMpNextHop: false);
        Encode(update, fixture.Profile, update.ReachFamily, update.ReachNlri, useMpNextHop: true);
    }

    private void Encode(in DecodedUpdate update, CodecProfile profile, AddressFamily family, ReadOnlySpan<byte> nlri, bool useMpNextHop)
    {
        if (nlri.IsEmpty)
        {
            return;
        }

        UpdateDecoder.Canonicalize(
            update.AttributeBytes, profile, useMpNextHop, update.ReachNextHop, _canonical, out var written, out _, out _);
        var builder = new UpdateBuilder(_message, profile);
        builder.BeginReach(family, _canonical.AsSpan(0, written));
        var reader = new NlriReader(nlri, family, profile.AddPath(family));
        while (reader.TryRead(out var prefix, out var pathId))
        {
            builder.TryAdd(prefix, pathId);
        }

        builder.Finish();
    }
}
