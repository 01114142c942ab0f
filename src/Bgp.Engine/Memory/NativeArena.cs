using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>The one door to unmanaged memory: cache-line aligned, zeroed, and counted, so that a test can assert that nothing leaked.</summary>
internal static unsafe class NativeArena
{
    private const nuint Alignment = 64;
    private static long _live;

    /// <summary>Bytes that are allocated and not yet freed, in the whole process.</summary>
    public static long LiveBytes => Interlocked.Read(ref _live);

    public static void* Allocate(nuint bytes)
    {
        var memory = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(memory, bytes);
        Interlocked.Add(ref _live, (long)bytes);
        return memory;
    }

    public static void Free(void* memory, nuint bytes)
    {
        NativeMemory.AlignedFree(memory);
        Interlocked.Add(ref _live, -(long)bytes);
    }
}
