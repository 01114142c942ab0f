using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>The sessions that UPDATEs are decoded for; an input's first octet chooses one.</summary>
internal static class FuzzProfiles
{
    private static readonly CodecProfile[] All =
    [
        new(CodecFlags.FourOctetAs, 4096),
        new(CodecFlags.FourOctetAs | CodecFlags.External, 4096),
        new(CodecFlags.External, 4096),
        new(CodecFlags.None, 4096),
        new(CodecFlags.FourOctetAs | CodecFlags.AddPathIpv4 | CodecFlags.AddPathIpv6 | CodecFlags.ExtendedNextHopIpv4, 65535),
        new(CodecFlags.FourOctetAs | CodecFlags.External | CodecFlags.Confederation, 4096),
        new(CodecFlags.External | CodecFlags.Confederation | CodecFlags.AddPathIpv4, 4096),
    ];

    public static CodecProfile Of(byte choice) => All[choice % All.Length];

    /// <summary>The first octet for sessions like that of a fixture.</summary>
    public static byte ChoiceFor(CodecProfile profile) => (byte)Math.Max(0, Array.FindIndex(All, each => each.Flags == profile.Flags));

    public static byte Random(ref FuzzRandom random) => (byte)random.Below(All.Length);
}
