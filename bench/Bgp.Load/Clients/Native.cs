using System.Runtime.InteropServices;

namespace Bgp.Load;

/// <summary>The C library's calls that neither the base library nor Bgp.Linux offers. Each returns -1 on failure.</summary>
internal static partial class Native
{
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const uint EpollIn = 1;
    public const uint EpollOut = 4;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, SafeHandle descriptor, ReadOnlySpan<byte> entry);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, Span<byte> entries, int count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    public static partial int ReadClock(int clock, out TimeSpec time);

    /// <summary>struct timespec, of 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
