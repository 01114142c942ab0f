namespace Bgp.Protocol.Tests;

/// <summary>Decodes an UPDATE and encodes it again by way of canonical form, a message each for what one message of ours cannot hold together.</summary>
internal static class UpdateRoundTrip
{
    public static List<byte[]> Encode(ReadOnlySpan<byte> body, CodecProfile receive, CodecProfile send)
    {
        List<byte[]> messages = [];
        var update = new DecodedUpdate();
        UpdateDecoder.Split(body, receive, ref update);
        if (update.IsEndOfRib(out var family))
        {
            var marker = new byte[64];
            messages.Add(marker[..UpdateBuilder.WriteEndOfRib(marker, family)]);
            return messages;
        }

        Withdraw(messages, update.Withdrawn, AddressFamily.Ipv4Unicast, receive, send);
        Withdraw(messages, update.UnreachNlri, update.UnreachFamily, receive, send);
        Announce(messages, update.Announced, AddressFamily.Ipv4Unicast, Canonicalize(update, receive, useMpNextHop: false), receive, send);
        Announce(messages, update.ReachNlri, update.ReachFamily, Canonicalize(update, receive, useMpNextHop: true), receive, send);
        return messages;
    }

    public static byte[] Canonicalize(in DecodedUpdate update, CodecProfile profile, bool useMpNextHop)
    {
        var canonical = new byte[BgpConstants.MaxCanonicalLength];
        UpdateDecoder.Canonicalize(
            update.AttributeBytes, profile, useMpNextHop, update.ReachNextHop, canonical, out var written, out _, out _);
        return canonical[..written];
    }

    private static void Withdraw(List<byte[]> messages, ReadOnlySpan<byte> nlri, AddressFamily family, CodecProfile receive, CodecProfile send)
    {
        var buffer = new byte[send.MaxMessageLength];
        var builder = new UpdateBuilder(buffer, send);
        var reader = new NlriReader(nlri, family, receive.AddPath(family));
        builder.BeginWithdraw(family);
        while (reader.TryRead(out var prefix, out var pathId))
        {
            Assert.That(builder.TryAdd(prefix, pathId), Is.True);
        }

        Finish(messages, ref builder, buffer);
    }

    private static void Announce(
        List<byte[]> messages, ReadOnlySpan<byte> nlri, AddressFamily family, byte[] canonical, CodecProfile receive, CodecProfile send)
    {
        if (nlri.IsEmpty)
        {
            return;
        }

        var buffer = new byte[send.MaxMessageLength];
        var builder = new UpdateBuilder(buffer, send);
        var reader = new NlriReader(nlri, family, receive.AddPath(family));
        Assert.That(builder.BeginReach(family, canonical), Is.True);
        while (reader.TryRead(out var prefix, out var pathId))
        {
            Assert.That(builder.TryAdd(prefix, pathId), Is.True);
        }

        Finish(messages, ref builder, buffer);
    }

    private static void Finish(List<byte[]> messages, ref UpdateBuilder builder, byte[] buffer)
    {
        var length = builder.Finish();
        if (length != 0)
        {
            messages.Add(buffer[..length]);
        }
    }
}
