namespace Bgp.Linux;

/// <summary>
/// The messages by which routers on a link find each other (RFC 4861 §4.1, §4.2), without options. An advertisement of ours has a router lifetime of 0: no host
/// takes us for its default router, and all else is left unspecified.
/// </summary>
public static class RouterMessage
{
    /// <summary>What a message must have come with: it was sent on the link (RFC 4861 §6.1).</summary>
    public const int HopLimit = 255;

    private const byte SolicitationType = 133;
    private const byte AdvertisementType = 134;

    // Type, Code, Checksum, Reserved. The kernel fills in the checksum.
    private const int SolicitationLength = 8;

    // Type, Code, Checksum, Cur Hop Limit, M|O|Reserved, Router Lifetime, Reachable Time, Retrans Timer.
    private const int AdvertisementLength = 16;
    private const int OptionUnit = 8;

    public static ReadOnlyMemory<byte> Advertisement { get; } = Message(AdvertisementType, AdvertisementLength);

    public static ReadOnlyMemory<byte> Solicitation { get; } = Message(SolicitationType, SolicitationLength);

    /// <summary>What an ICMPv6 message of these types is; <see cref="RouterMessageKind.None"/> where RFC 4861 §6.1 has it dropped. Hop limit, checksum and source are checked by whoever received it.</summary>
    public static RouterMessageKind KindOf(ReadOnlySpan<byte> message)
    {
        var (kind, length) = message.IsEmpty ? default : message[0] switch
        {
            SolicitationType => (RouterMessageKind.Solicitation, SolicitationLength),
            AdvertisementType => (RouterMessageKind.Advertisement, AdvertisementLength),
            _ => default,
        };
        return kind != RouterMessageKind.None && message.Length >= length && message[1] == 0 && HasWholeOptions(message[length..]) ? kind : RouterMessageKind.None;
    }

    /// <summary>Type, Length in units of 8 bytes, never 0.</summary>
    private static bool HasWholeOptions(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            var length = options.Length < 2 ? 0 : options[1] * OptionUnit;
            if (length == 0 || length > options.Length)
            {
                return false;
            }

            options = options[length..];
        }

        return true;
    }

    private static byte[] Message(byte type, int length)
    {
        var message = new byte[length];
        message[0] = type;
        return message;
    }
}
