using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>
/// A raw ICMPv6 socket for router discovery on the links of its network namespace (RFC 4861). The kernel hands it solicitations and advertisements only, and of them only what
/// came with hop limit 255, that is from the link itself. One task receives; sending does not block.
/// </summary>
public sealed class RouterDiscoverySocket : IDisposable
{
    private const int LevelIpv6 = 41;
    private const int LevelIcmpv6 = 58;
    private const int FilterOption = 1;
    private const int UnicastHopsOption = 16;
    private const int MulticastHopsOption = 18;
    private const int MulticastLoopOption = 19;
    private const int JoinGroupOption = 20;
    private const int DatagramLimit = 1500;

    private static readonly IPAddress AllNodes = IPAddress.Parse("ff02::1");
    private static readonly IPAddress AllRouters = IPAddress.Parse("ff02::2");

    private readonly Socket _socket;
    private readonly byte[] _datagram = new byte[DatagramLimit];

    private RouterDiscoverySocket(Socket socket)
    {
        _socket = socket;
    }

    /// <summary>Opens in the network namespace of the calling thread. Needs CAP_NET_RAW.</summary>
    /// <exception cref="SocketException">The kernel refused.</exception>
    public static RouterDiscoverySocket Open()
    {
        var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        try
        {
            Filter(socket);
            Set(socket, UnicastHopsOption, RouterMessage.HopLimit);
            Set(socket, MulticastHopsOption, RouterMessage.HopLimit);
            Set(socket, MulticastLoopOption, 0);
            socket.Blocking = false;
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
            return new RouterDiscoverySocket(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Hears solicitations on a link too, which go to all routers.</summary>
    /// <returns>False where there is no such link.</returns>
    public bool TryJoin(int interfaceIndex)
    {
        // struct ipv6_mreq.
        Span<byte> membership = stackalloc byte[20];
        AllRouters.TryWriteBytes(membership, out _);
        MemoryMarshal.Write(membership[16..], interfaceIndex);
        try
        {
            _socket.SetRawSocketOption(LevelIpv6, JoinGroupOption, membership);
            return true;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }

    /// <summary>Says to all nodes of the link, or to one of them, that a router is here.</summary>
    /// <returns>False where the link takes it not, or not yet: it is down, or our link-local address there is still tentative.</returns>
    public bool TryAdvertise(int interfaceIndex, IpAddress to = default) =>
        TrySend(RouterMessage.Advertisement, to.IsNone ? AllNodes : to.ToIPAddress(), interfaceIndex);

    /// <summary>Asks the routers of the link to say that they are there.</summary>
    /// <returns>As <see cref="TryAdvertise"/>.</returns>
    public bool TrySolicit(int interfaceIndex) => TrySend(RouterMessage.Solicitation, AllRouters, interfaceIndex);

    /// <summary>The next message; its sender is link-local, on the link of the index. (Who has no address yet and asks hears the next advertisement to all.)</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<(RouterMessageKind Kind, int InterfaceIndex, IpAddress Sender)> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var received = await _socket.ReceiveFromAsync(_datagram, SocketFlags.None, new IPEndPoint(IPAddress.IPv6Any, 0), cancellationToken).ConfigureAwait(false);
            var kind = RouterMessage.KindOf(_datagram.AsSpan(0, received.ReceivedBytes));
            if (kind != RouterMessageKind.None && received.RemoteEndPoint is IPEndPoint { Address: { IsIPv6LinkLocal: true, ScopeId: var scope } from })
            {
                return (kind, (int)scope, IpAddress.From(from));
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool TrySend(ReadOnlyMemory<byte> message, IPAddress to, int interfaceIndex)
    {
        try
        {
            _socket.SendTo(message.Span, SocketFlags.None, new IPEndPoint(new IPAddress(to.GetAddressBytes(), interfaceIndex), 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Set(Socket socket, int option, int value) =>
        socket.SetRawSocketOption(LevelIpv6, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    private static unsafe void Filter(Socket socket)
    {
        // struct icmp6_filter: a bit for each type, set for those that are not wanted.
        const int Solicitation = 133;
        const int Advertisement = 134;
        Span<uint> blocked = stackalloc uint[8];
        blocked.Fill(uint.MaxValue);
        foreach (var type in (ReadOnlySpan<int>)[Solicitation, Advertisement])
        {
            blocked[type / 32] &= ~(1u << (type % 32));
        }

        socket.SetRawSocketOption(LevelIcmpv6, FilterOption, MemoryMarshal.AsBytes(blocked));

        // load byte 7 of the network header, the hop limit; equal to 255: return all; else return 0.
        const ushort LoadByteAbsolute = 0x30;
        const ushort JumpIfEqual = 0x15;
        const ushort Return = 0x06;
        const uint NetworkHeader = unchecked((uint)-0x100000);
        const uint HopLimitOffset = 7;
        ReadOnlySpan<Libc.FilterInstruction> program =
        [
            new() { Code = LoadByteAbsolute, Value = NetworkHeader + HopLimitOffset },
            new() { Code = JumpIfEqual, JumpFalse = 1, Value = RouterMessage.HopLimit },
            new() { Code = Return, Value = uint.MaxValue },
            new() { Code = Return, Value = 0 },
        ];
        fixed (Libc.FilterInstruction* first = program)
        {
            var filter = new Libc.FilterProgram { Length = (ushort)program.Length, Instructions = (nint)first };
            if (Libc.AttachFilter(socket.SafeHandle, Libc.SolSocket, Libc.SoAttachFilter, filter, (uint)Marshal.SizeOf<Libc.FilterProgram>()) != 0)
            {
                throw new SocketException(Marshal.GetLastPInvokeError());
            }
        }
    }
}
