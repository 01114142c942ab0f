using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>
/// Options of TCP sockets that BGP needs and the base library does not name. All throw <see cref="SocketException"/> where the kernel refuses. On an
/// IPv6 socket in dual mode (set that first) IPv4 peers are v4-mapped, and options of both families are set.
/// </summary>
public static class TcpOptions
{
    /// <summary>The longest key of TCP MD5, in bytes.</summary>
    public const int MaxMd5Key = 80;

    private const int LevelIp = 0;
    private const int LevelSocket = 1;
    private const int LevelTcp = 6;
    private const int LevelIpv6 = 41;
    private const int IpTypeOfService = 1;
    private const int IpTimeToLive = 2;
    private const int IpMinTimeToLive = 21;
    private const int Ipv6UnicastHops = 16;
    private const int Ipv6TrafficClass = 67;
    private const int Ipv6MinHopCount = 73;
    private const int BindToDeviceOption = 25;
    private const int ReusePortOption = 15;
    private const int UserTimeoutOption = 18;
    private const int Md5Signature = 14;
    private const int Md5SignatureExtended = 32;
    private const int MaxHops = 255;

    /// <summary>
    /// Has every segment to and from the peers of the prefix signed with the key (TCP MD5, RFC 2385), on a listener or before connecting. An empty
    /// key removes it. A peer without it or with another shows only as a connection that times out.
    /// </summary>
    public static void SetMd5Key(this Socket socket, IpPrefix peers, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxMd5Key, nameof(key));

        // struct tcp_md5sig: sockaddr_storage of 128, flags8, prefixlen8, keylen16, ifindex32, key of 80.
        const int FlagsOffset = 128;
        const int PrefixLengthOffset = 129;
        const int KeyLengthOffset = 130;
        const int KeyOffset = 136;
        const byte PrefixFlag = 1;
        Span<byte> option = stackalloc byte[KeyOffset + MaxMd5Key];
        option.Clear();
        WriteSocketAddress(option, socket.AddressFamily, peers.Address);
        MemoryMarshal.Write(option[KeyLengthOffset..], (ushort)key.Length);
        key.CopyTo(option[KeyOffset..]);
        if (!peers.IsHost)
        {
            option[FlagsOffset] = PrefixFlag;
            option[PrefixLengthOffset] = peers.Length;
        }

        socket.SetRawSocketOption(LevelTcp, peers.IsHost ? Md5Signature : Md5SignatureExtended, option);
        CryptographicClear(option);
    }

    /// <inheritdoc cref="SetMd5Key(Socket, IpPrefix, ReadOnlySpan{byte})"/>
    public static void SetMd5Key(this Socket socket, IpAddress peer, ReadOnlySpan<byte> key) =>
        SetMd5Key(socket, new IpPrefix(peer, peer.BitLength), key);

    /// <summary>GTSM (RFC 5082): sends with TTL 255 and drops what comes from more than <paramref name="hops"/> hops away (1: the same link).</summary>
    public static void SetTtlSecurity(this Socket socket, int hops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hops, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hops, MaxHops);
        SetTimeToLive(socket, MaxHops);
        SetOfBothFamilies(socket, IpMinTimeToLive, Ipv6MinHopCount, MaxHops + 1 - hops);
    }

    /// <summary>The TTL or hop limit of what we send: 1 for a peer on the link, more for multihop.</summary>
    public static void SetTimeToLive(this Socket socket, int hops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hops, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hops, MaxHops);
        SetOfBothFamilies(socket, IpTimeToLive, Ipv6UnicastHops, hops);
    }

    /// <summary>The byte of type of service or traffic class; 0xc0 (CS6, network control) for routing protocols.</summary>
    public static void SetTrafficClass(this Socket socket, byte value) => SetOfBothFamilies(socket, IpTypeOfService, Ipv6TrafficClass, value);

    /// <summary>How long sent data may stay unacknowledged before the connection ends (TCP_USER_TIMEOUT); whole milliseconds, zero for the system's default.</summary>
    public static void SetUserTimeout(this Socket socket, TimeSpan timeout) =>
        Set(socket, LevelTcp, UserTimeoutOption, checked((int)timeout.TotalMilliseconds));

    /// <summary>Binds the socket to one device (SO_BINDTODEVICE); an empty name unbinds it.</summary>
    public static void BindToDevice(this Socket socket, string device)
    {
        ArgumentNullException.ThrowIfNull(socket);
        socket.SetRawSocketOption(LevelSocket, BindToDeviceOption, Encoding.UTF8.GetBytes(device + '\0'));
    }

    /// <summary>Whether the socket may have its port together with others of this user that say so too (SO_REUSEPORT); asked when another one is bound or begins to listen.</summary>
    public static void SetPortSharing(this Socket socket, bool isShared) => Set(socket, LevelSocket, ReusePortOption, isShared ? 1 : 0);

    /// <summary>Bytes that came and that we have not read yet (SIOCINQ).</summary>
    public static int UnreadBytes(this Socket socket) => Query(socket, Libc.IoctlInputQueue);

    /// <summary>Bytes that we sent and the peer has not acknowledged yet (SIOCOUTQ).</summary>
    public static int UnsentBytes(this Socket socket) => Query(socket, Libc.IoctlOutputQueue);

    /// <summary>Bytes that the peer has acknowledged since the connection opened (tcpi_bytes_acked): what its window took.</summary>
    public static long AcknowledgedBytes(this Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);

        // struct tcp_info up to tcpi_bytes_acked (linux/tcp.h): eight bytes of flags, 24 words of 32 bits, two of 64.
        const int InfoOption = 11;
        const int AcknowledgedOffset = 120;
        Span<byte> info = stackalloc byte[AcknowledgedOffset + sizeof(long)];
        socket.GetRawSocketOption(LevelTcp, InfoOption, info);
        return MemoryMarshal.Read<long>(info[AcknowledgedOffset..]);
    }

    private static int Query(Socket socket, nuint request)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var value = 0;
        return Libc.Ioctl(socket.SafeHandle, request, ref value) == 0 ? value : throw new SocketException(Marshal.GetLastPInvokeError());
    }

    private static void SetOfBothFamilies(Socket socket, int ipv4Option, int ipv6Option, int value)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            Set(socket, LevelIpv6, ipv6Option, value);
            if (!socket.DualMode)
            {
                return;
            }
        }

        Set(socket, LevelIp, ipv4Option, value);
    }

    private static void Set(Socket socket, int level, int option, int value)
    {
        ArgumentNullException.ThrowIfNull(socket);
        socket.SetRawSocketOption(level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
    }

    /// <summary>struct sockaddr_in or sockaddr_in6 as the socket's family wants it; port 0.</summary>
    private static void WriteSocketAddress(Span<byte> destination, System.Net.Sockets.AddressFamily socketFamily, IpAddress address)
    {
        const int Ipv4AddressOffset = 4;
        const int Ipv6AddressOffset = 8;
        const int MappedPrefixLength = 12;
        if (socketFamily == System.Net.Sockets.AddressFamily.InterNetwork)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(address.IsV4, true, nameof(address));
            MemoryMarshal.Write(destination, (ushort)Libc.AfInet);
            address.WriteTo(destination[Ipv4AddressOffset..]);
            return;
        }

        MemoryMarshal.Write(destination, (ushort)Libc.AfInet6);
        if (address.IsV4)
        {
            destination[(Ipv6AddressOffset + 10)..(Ipv6AddressOffset + MappedPrefixLength)].Fill(0xff);
            address.WriteTo(destination[(Ipv6AddressOffset + MappedPrefixLength)..]);
        }
        else
        {
            address.WriteTo(destination[Ipv6AddressOffset..]);
        }
    }

    private static void CryptographicClear(Span<byte> secret) => System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
}
