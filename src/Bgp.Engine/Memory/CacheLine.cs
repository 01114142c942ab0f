using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Bgp.Engine;

/// <summary>Asks the processor to fetch memory that will be needed soon. A hint: where there is no such instruction nothing happens.</summary>
internal static unsafe class CacheLine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Of something in unmanaged memory, or that stays where it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(ref T item) => Fetch(Unsafe.AsPointer(ref item));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchFirst<T>(Span<T> items) => Fetch(ref MemoryMarshal.GetReference(items));
}
