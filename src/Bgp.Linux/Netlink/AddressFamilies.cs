using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>The kernel's number of an address's family.</summary>
internal static class AddressFamilies
{
    public static byte Of(IpAddress address) => address.IsV4 ? (byte)Libc.AfInet : address.IsV6 ? (byte)Libc.AfInet6 : (byte)Libc.AfUnspec;

    /// <summary>0.0.0.0, ::, or none for a family that is neither.</summary>
    public static IpAddress Unspecified(byte family) => family switch
    {
        Libc.AfInet => IpAddress.V4(0),
        Libc.AfInet6 => IpAddress.V6(0, 0),
        _ => IpAddress.None,
    };
}
