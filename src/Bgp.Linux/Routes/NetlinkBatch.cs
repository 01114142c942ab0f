using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>
/// Many changes in one send. The kernel works them off in order, goes on after a refused one, and answers each refusal with its
/// sequence number; the last message alone is acknowledged. Holds one buffer for its life; adding a route allocates nothing. One thread owns it
/// and the <see cref="Rtnetlink"/> that it writes to.
/// </summary>
public sealed class NetlinkBatch
{
    /// <summary>Bytes a send: more gains nothing, and the send buffer's default takes it.</summary>
    public const int Capacity = 64 * 1024;

    /// <summary>How long we wait for the kernel's answer to a batch before it counts as unknown.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private const int FlagsOffset = 6;

    private readonly Rtnetlink _netlink;
    private readonly byte[] _messages = new byte[Capacity];
    private readonly byte[] _datagram = new byte[NetlinkSocket.DatagramLimit];
    private int _length;
    private int _lastMessage;
    private uint _firstSequence;
    private uint _lastSequence;

    public NetlinkBatch(Rtnetlink netlink)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        _netlink = netlink;
    }

    /// <summary>How many messages wait to be sent.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a change of a route; false where the batch is full. Its index in the batch is <see cref="Count"/> before the call.</summary>
    public bool TryAdd(RouteOperation operation, in KernelRoute route)
    {
        if (RouteCodec.MaxLength(route) > Capacity - _length)
        {
            return false;
        }

        var writer = new NetlinkMessageWriter(_messages.AsSpan(_length));
        RouteCodec.Write(ref writer, operation, route, 0, NextSequence());
        Commit(writer.Length);
        return true;
    }

    /// <summary>Adds the making of a nexthop object (EEXIST where its number is taken); false where the batch is full.</summary>
    public bool TryAddNextHop(NextHopObject nextHop)
    {
        if (NextHopCodec.MaxLength(nextHop) > Capacity - _length)
        {
            return false;
        }

        var writer = new NetlinkMessageWriter(_messages.AsSpan(_length));
        NextHopCodec.Write(ref writer, nextHop, replaces: false, 0, NextSequence());
        Commit(writer.Length);
        return true;
    }

    /// <summary>Adds the removal of a nexthop object; false where the batch is full.</summary>
    public bool TryAddNextHopRemoval(uint id)
    {
        const int Length = 32;
        if (Length > Capacity - _length)
        {
            return false;
        }

        var writer = new NetlinkMessageWriter(_messages.AsSpan(_length));
        NextHopCodec.WriteDelete(ref writer, id, 0, NextSequence());
        Commit(writer.Length);
        return true;
    }

    /// <summary>Sends what was added, waits for the kernel's verdict, appends the refusals in order, and leaves the batch empty.</summary>
    /// <exception cref="LinuxException">The socket is broken.</exception>
    public BatchOutcome Send(ICollection<NetlinkFailure> failures)
    {
        if (Count == 0)
        {
            return BatchOutcome.Known;
        }

        var flags = _messages.AsSpan(_lastMessage + FlagsOffset, 2);
        MemoryMarshal.Write(flags, (ushort)(MemoryMarshal.Read<ushort>(flags) | NetlinkFlags.Ack));
        try
        {
            _netlink.Socket.Send(_messages.AsSpan(0, _length));
            return Collect(failures);
        }
        catch (LinuxException full) when (full.Errno is Errno.ENOBUFS or Errno.ENOMEM)
        {
            return BatchOutcome.Unknown;
        }
        finally
        {
            _length = 0;
            Count = 0;
        }
    }

    private BatchOutcome Collect(ICollection<NetlinkFailure> failures)
    {
        while (true)
        {
            var received = _netlink.Socket.Receive(_datagram, AnswerTimeout);
            if (received.Status is NetlinkReceiveStatus.Overrun or NetlinkReceiveStatus.TimedOut)
            {
                return BatchOutcome.Unknown;
            }

            var reader = new NetlinkMessageReader(_datagram.AsSpan(0, received.Length));
            while (reader.Read())
            {
                var index = (int)(reader.Sequence - _firstSequence);
                if (reader.Type != NetlinkType.Error || (uint)index >= (uint)Count)
                {
                    // An answer to a batch that was given up as unknown.
                    continue;
                }

                var reply = NetlinkReply.Decode(reader);
                if (reply.Errno != Errno.None)
                {
                    failures.Add(new(index, reply.Errno, reply.KernelText));
                }

                if (reader.Sequence == _lastSequence)
                {
                    return BatchOutcome.Known;
                }
            }
        }
    }

    private uint NextSequence()
    {
        _lastSequence = _netlink.Socket.NextSequence();
        if (Count == 0)
        {
            _firstSequence = _lastSequence;
        }

        return _lastSequence;
    }

    private void Commit(int length)
    {
        _lastMessage = _length;
        _length += length;
        Count++;
    }
}
