using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>
/// The one door to unmanaged memory: cache-line aligned, zeroed, and counted, so that a test can assert that nothing leaked. Large chunks come zeroed from the system page by page as they are
/// touched, so that a chunk that is not full yet costs only what is used.
/// </summary>
internal static unsafe class NativeArena
{
    private const nuint Alignment = 64;
    private static long _live;

    /// <summary>Bytes that are allocated and not yet freed, in the whole process.</summary>
    public static long LiveBytes => Interlocked.Read(ref _live);

    public static void* Allocate(nuint bytes)
    {
        // The address that was given out stands in the word before the aligned one.
        var whole = (byte*)NativeMemory.AllocZeroed(bytes + Alignment);
        var aligned = (byte*)(((nuint)whole + Alignment) & ~(Alignment - 1));
        ((byte**)aligned)[-1] = whole;
        Interlocked.Add(ref _live, (long)bytes);
        return aligned;
    }

    public static void Free(void* memory, nuint bytes)
    {
        NativeMemory.Free(((byte**)memory)[-1]);
        Interlocked.Add(ref _live, -(long)bytes);
    }
}
