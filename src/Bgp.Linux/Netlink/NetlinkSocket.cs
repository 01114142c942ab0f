using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bgp.Linux;

/// <summary>
/// An AF_NETLINK socket of NETLINK_ROUTE. It belongs for ever to the network namespace of the thread that opened it. One thread sends and
/// receives; only <see cref="Wake"/> may be called from another.
/// </summary>
/// <remarks>
/// Made by socket(2): the base library refuses the address family. The kernel works off a request inside send(2), so that answers wait in the
/// receive buffer when it returns; hence the large buffer.
/// </remarks>
internal sealed class NetlinkSocket : IDisposable
{
    /// <summary>The receive buffer in bytes; the kernel doubles it for its own book-keeping.</summary>
    public const int ReceiveBuffer = 4 * 1024 * 1024;

    /// <summary>Size of a buffer that takes any datagram of the kernel's.</summary>
    public const int DatagramLimit = 64 * 1024;

    private readonly SafeSocketHandle _socket;
    private readonly SafeFileHandle _wake;
    private int _woken;
    private uint _sequence;

    private NetlinkSocket(SafeSocketHandle socket, SafeFileHandle wake)
    {
        _socket = socket;
        _wake = wake;
    }

    /// <summary>Our address on netlink; events that our requests made carry it.</summary>
    public uint PortId { get; private set; }

    /// <summary>Opens a socket in the network namespace of the calling thread.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static NetlinkSocket Open()
    {
        var descriptor = Libc.Socket(Libc.AfNetlink, Libc.SockRaw | Libc.SockCloexec, Libc.NetlinkRoute);
        LinuxException.ThrowIfFailed(descriptor, "open a netlink socket");
        var socket = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            var wake = Libc.EventDescriptor(0, Libc.EfdCloexec | Libc.EfdNonBlock);
            LinuxException.ThrowIfFailed(wake, "open an eventfd");
            var result = new NetlinkSocket(socket, new SafeFileHandle(wake, ownsHandle: true));
            result.Prepare();
            return result;
        }
        catch (LinuxException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next sequence number; it wraps around.</summary>
    public uint NextSequence() => unchecked(++_sequence);

    public void Subscribe(NetlinkGroups groups)
    {
        Join(groups, NetlinkGroups.Links, 1);
        Join(groups, NetlinkGroups.Addresses, 5);
        Join(groups, NetlinkGroups.Addresses, 9);
        Join(groups, NetlinkGroups.Routes, 7);
        Join(groups, NetlinkGroups.Routes, 11);
        Join(groups, NetlinkGroups.NextHops, 32);
    }

    /// <summary>
    /// Has the kernel drop, before it queues them, events that requests of these ports made (nlmsg_pid). Every datagram of an event holds one message.
    /// </summary>
    public unsafe void IgnoreWritesOf(ReadOnlySpan<uint> ports)
    {
        const ushort LoadWordAbsolute = 0x20;
        const ushort JumpIfEqual = 0x15;
        const ushort Return = 0x06;
        const uint PortIdOffset = 12;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ports.Length, 16, nameof(ports));

        // load nlmsg_pid (BPF reads big endian); equal to one of the ports: to the last instruction, return 0; else return all.
        Span<Libc.FilterInstruction> program = stackalloc Libc.FilterInstruction[ports.Length + 3];
        program[0] = new() { Code = LoadWordAbsolute, Value = PortIdOffset };
        for (var i = 0; i < ports.Length; i++)
        {
            var value = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(ports[i]) : ports[i];
            program[i + 1] = new() { Code = JumpIfEqual, JumpTrue = (byte)(ports.Length - i), Value = value };
        }

        program[^2] = new() { Code = Return, Value = uint.MaxValue };
        program[^1] = new() { Code = Return, Value = 0 };
        fixed (Libc.FilterInstruction* first = program)
        {
            var filter = new Libc.FilterProgram { Length = (ushort)program.Length, Instructions = (nint)first };
            var result = Libc.AttachFilter(_socket, Libc.SolSocket, Libc.SoAttachFilter, filter, (uint)Marshal.SizeOf<Libc.FilterProgram>());
            LinuxException.ThrowIfFailed(result, "attach a filter to a netlink socket");
        }
    }

    /// <summary>Sends messages to the kernel, which has worked them off when this returns.</summary>
    /// <exception cref="LinuxException">The kernel took none of them.</exception>
    public void Send(ReadOnlySpan<byte> messages)
    {
        nint sent;
        do
        {
            sent = Libc.Send(_socket, messages, (nuint)messages.Length, 0);
        }
        while (sent < 0 && Libc.LastError == Errno.EINTR);
        LinuxException.ThrowIfFailed(sent, "send to netlink");
    }

    /// <summary>Waits for one datagram. A negative timeout waits for ever.</summary>
    /// <exception cref="LinuxException">The socket is broken.</exception>
    public NetlinkReceived Receive(Span<byte> buffer, TimeSpan timeout)
    {
        var deadline = timeout < TimeSpan.Zero ? long.MaxValue : Environment.TickCount64 + (long)Math.Ceiling(timeout.TotalMilliseconds);
        while (true)
        {
            if (Interlocked.Exchange(ref _woken, 0) != 0)
            {
                Span<byte> count = stackalloc byte[8];
                _ = Libc.Read(_wake, count, 8);
                return new(NetlinkReceiveStatus.Woken);
            }

            var length = Libc.Receive(_socket, buffer, (nuint)buffer.Length, Libc.MsgDontWait | Libc.MsgTrunc);
            if (length >= 0)
            {
                return length <= buffer.Length ? new(NetlinkReceiveStatus.Data, (int)length) : new(NetlinkReceiveStatus.Overrun);
            }

            switch (Libc.LastError)
            {
                case Errno.EINTR:
                    continue;
                case Errno.ENOBUFS:
                    return new(NetlinkReceiveStatus.Overrun);
                case Errno.EAGAIN:
                    break;
                case var error:
                    throw new LinuxException("receive from netlink", error);
            }

            if (!WaitReadable(deadline))
            {
                return new(NetlinkReceiveStatus.TimedOut);
            }
        }
    }

    /// <summary>Makes a present or the next <see cref="Receive"/> return <see cref="NetlinkReceiveStatus.Woken"/>. From any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            _ = Libc.Write(_wake, BitConverter.GetBytes(1UL), 8);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _wake.Dispose();
    }

    /// <summary>False when the deadline has passed.</summary>
    private bool WaitReadable(long deadline)
    {
        var left = deadline == long.MaxValue ? -1 : deadline - Environment.TickCount64;
        if (left <= 0 && deadline != long.MaxValue)
        {
            return false;
        }

        Span<Libc.PollEntry> entries =
        [
            new() { Descriptor = (int)_socket.DangerousGetHandle(), Events = Libc.PollIn },
            new() { Descriptor = (int)_wake.DangerousGetHandle(), Events = Libc.PollIn },
        ];
        if (Libc.Poll(entries, (nuint)entries.Length, (int)Math.Min(left, int.MaxValue)) < 0 && Libc.LastError != Errno.EINTR)
        {
            throw new LinuxException("wait for netlink", Libc.LastError);
        }

        return true;
    }

    private void Prepare()
    {
        // Beyond rmem_max only with CAP_NET_ADMIN; without it a reader (bgp show, tests of dumps) lives with what it gets.
        if (Libc.SetSocketOption(_socket, Libc.SolSocket, Libc.SoRcvBufForce, ReceiveBuffer, 4) < 0)
        {
            SetOption(Libc.SolSocket, Libc.SoRcvBuf, ReceiveBuffer, "set a netlink receive buffer");
        }

        SetOption(Libc.SolNetlink, NetlinkOption.ExtendedAck, 1, "ask for extended ACKs");
        SetOption(Libc.SolNetlink, NetlinkOption.CapAck, 1, "ask for capped ACKs");
        SetOption(Libc.SolNetlink, NetlinkOption.StrictCheck, 1, "ask for strict checks");
        var length = (uint)Marshal.SizeOf<Libc.NetlinkAddress>();
        var address = new Libc.NetlinkAddress { Family = Libc.AfNetlink };
        LinuxException.ThrowIfFailed(Libc.Bind(_socket, address, length), "bind a netlink socket");
        LinuxException.ThrowIfFailed(Libc.GetSocketName(_socket, ref address, ref length), "read a netlink address");
        PortId = address.PortId;
    }

    private void Join(NetlinkGroups wanted, NetlinkGroups group, int number)
    {
        if ((wanted & group) != 0)
        {
            SetOption(Libc.SolNetlink, NetlinkOption.AddMembership, number, $"join the netlink group of {group}");
        }
    }

    private void SetOption(int level, int name, int value, string operation) =>
        LinuxException.ThrowIfFailed(Libc.SetSocketOption(_socket, level, name, value, 4), operation);
}
