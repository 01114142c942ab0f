using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Bgp.Load;

/// <summary>Waits for many sockets on one thread (epoll, level-triggered).</summary>
internal sealed class Epoll : IDisposable
{
    private const int MaxReady = 256;

    // struct epoll_event is packed on x86 alone.
    private static readonly int EntrySize = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;
    private static readonly int DataOffset = EntrySize - 8;

    private readonly int _descriptor;
    private readonly byte[] _ready = new byte[MaxReady * EntrySize];

    public Epoll()
    {
        _descriptor = Native.EpollCreate(0);
        if (_descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Begins to watch a socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="tag">Comes back with its events.</param>
    /// <param name="readable">Whether to tell that something can be read.</param>
    /// <param name="writable">Whether to tell that something can be written.</param>
    public void Add(Socket socket, int tag, bool readable, bool writable) => Control(Native.EpollAdd, socket, tag, readable, writable);

    public void Change(Socket socket, int tag, bool readable, bool writable) => Control(Native.EpollModify, socket, tag, readable, writable);

    /// <summary>Waits and returns how many sockets are ready.</summary>
    public int Wait(int timeoutMilliseconds) => Math.Max(0, Native.EpollWait(_descriptor, _ready, MaxReady, timeoutMilliseconds));

    /// <summary>One of the ready: its tag, and whether it can be written. Errors and ends show when it is read.</summary>
    public (int Tag, bool IsWritable, bool IsReadable) Ready(int index)
    {
        var entry = _ready.AsSpan(index * EntrySize, EntrySize);
        var events = MemoryMarshal.Read<uint>(entry);
        return (MemoryMarshal.Read<int>(entry[DataOffset..]), (events & Native.EpollOut) != 0, (events & ~Native.EpollOut) != 0);
    }

    public void Dispose() => _ = Native.Close(_descriptor);

    private void Control(int operation, Socket socket, int tag, bool readable, bool writable)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        entry.Clear();
        var events = (readable ? Native.EpollIn : 0) | (writable ? Native.EpollOut : 0);
        MemoryMarshal.Write(entry, events);
        MemoryMarshal.Write(entry[DataOffset..], tag);
        if (Native.EpollControl(_descriptor, operation, socket.SafeHandle, entry) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}
