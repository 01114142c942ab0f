namespace Bgp.Linux;

/// <summary>
/// Talks to the kernel's routing, one request at a time: links, addresses, routes, nexthop objects. It belongs for ever to the network
/// namespace of the thread that opened it, may then be used from any thread, but from one at a time.
/// </summary>
/// <remarks>
/// The way of a request: a codec writes it into our buffer, the kernel works it off inside send(2), and the answer (ACK or error, with the
/// kernel's own words) waits in the receive buffer. Many route changes at once go by <see cref="NetlinkBatch"/>; news comes by
/// <see cref="KernelMonitor"/>. Methods that change something throw <see cref="NetlinkException"/> when the kernel refuses.
/// </remarks>
public sealed partial class Rtnetlink : IDisposable
{
    /// <summary>How long we wait for an answer of the kernel's. It answers in microseconds, unless another task holds its lock (a namespace dying).</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private const int RequestLimit = 32 * 1024;

    /// <summary>How often a dump is repeated that changes of the tables interrupted.</summary>
    private const int DumpAttempts = 8;

    private readonly NetlinkSocket _socket;
    private readonly byte[] _request = new byte[RequestLimit];
    private readonly byte[] _datagram = new byte[NetlinkSocket.DatagramLimit];

    private Rtnetlink(NetlinkSocket socket)
    {
        _socket = socket;
    }

    internal delegate void MessageHandler(in NetlinkMessageReader message);

    private delegate void RequestWriter(ref NetlinkMessageWriter writer, uint sequence);

    private delegate void Collector<T>(in NetlinkMessageReader message, List<T> found);

    /// <summary>Our address on netlink: give it to <see cref="KernelMonitor"/> to be spared the echoes of our own writes.</summary>
    public uint PortId => _socket.PortId;

    internal NetlinkSocket Socket => _socket;

    /// <summary>Opens in the network namespace of the calling thread.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Rtnetlink Open() => new(NetlinkSocket.Open());

    /// <summary>Opens in another network namespace.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Rtnetlink Open(NetworkNamespace space) => space.Run(Open);

    public void Dispose() => _socket.Dispose();

    private NetlinkMessageWriter NewRequest() => new(_request);

    /// <summary>Sends the request, which asks for an ACK, and waits for it.</summary>
    private void Execute(in NetlinkMessageWriter request, uint sequence, string operation)
    {
        var reply = Exchange(request, sequence, null, operation, out _);
        if (reply.Errno != Errno.None)
        {
            throw new NetlinkException(operation, reply.Errno, reply.KernelText);
        }
    }

    /// <summary>Asks for a dump; each message goes to the handler. False where a change of the tables interrupted it: what came may not fit together.</summary>
    private bool TryDump(in NetlinkMessageWriter request, uint sequence, MessageHandler handler, string operation)
    {
        var reply = Exchange(request, sequence, handler, operation, out var interrupted);
        return reply.Errno is Errno.None ? !interrupted : throw new NetlinkException(operation, reply.Errno, reply.KernelText);
    }

    /// <summary>Dumps until the tables stood still.</summary>
    private List<T> ReadAll<T>(RequestWriter request, Collector<T> collect, string operation)
    {
        var found = new List<T>();
        for (var attempt = 0; attempt < DumpAttempts; attempt++)
        {
            found.Clear();
            var sequence = _socket.NextSequence();
            var writer = NewRequest();
            request(ref writer, sequence);
            if (TryDump(writer, sequence, (in message) => collect(message, found), operation))
            {
                return found;
            }
        }

        throw new NetlinkException(operation, Errno.EINTR);
    }

    private NetlinkReply Exchange(in NetlinkMessageWriter request, uint sequence, MessageHandler? handler, string operation, out bool interrupted)
    {
        interrupted = false;
        _socket.Send(request.Written);
        while (true)
        {
            var received = _socket.Receive(_datagram, AnswerTimeout);
            switch (received.Status)
            {
                case NetlinkReceiveStatus.Overrun:
                    throw new NetlinkException(operation, Errno.ENOBUFS);
                case NetlinkReceiveStatus.TimedOut:
                    throw new NetlinkException(operation, Errno.ETIMEDOUT);
                default:
                    break;
            }

            var reader = new NetlinkMessageReader(_datagram.AsSpan(0, received.Length));
            while (reader.Read())
            {
                if (reader.Sequence != sequence)
                {
                    continue;
                }

                interrupted |= (reader.Flags & NetlinkFlags.DumpInterrupted) != 0;
                if (reader.Type is NetlinkType.Error or NetlinkType.Done)
                {
                    return NetlinkReply.Decode(reader);
                }

                handler?.Invoke(reader);
            }
        }
    }
}
