using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>
/// The one door to unmanaged memory: cache-line aligned, zeroed, and counted, so that a test can assert that nothing leaked. Large chunks come zeroed from the system page by page as they are
/// touched, so that a chunk that is not full yet costs only what is used.
/// </summary>
internal static unsafe partial class NativeArena
{
    private const nuint Alignment = 64;
    private const nuint Page = 4096;
    private const int PopulateForWriting = 23; // MADV_POPULATE_WRITE, Linux 5.14
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

    /// <summary>
    /// As <see cref="Allocate"/>, for what is filled here and there and soon as a whole: the pages come at once. One by one each would fault twice, first when it is looked at and then when
    /// it is written, and the second fault interrupts the other processors.
    /// </summary>
    public static void* AllocateWhole(nuint bytes)
    {
        var memory = Allocate(bytes);
        Populate(memory, bytes);
        return memory;
    }

    /// <summary>Has the pages come that lie within a stretch of memory: cheaper than one fault for each of them where all are about to be written.</summary>
    public static void Populate(void* memory, nuint bytes)
    {
        var begin = ((nuint)memory + Page - 1) & ~(Page - 1);
        var end = ((nuint)memory + bytes) & ~(Page - 1);
        if (begin < end && OperatingSystem.IsLinux())
        {
            // A kernel that does not know the advice leaves all as it was.
            _ = Advise(begin, end - begin, PopulateForWriting);
        }
    }

    public static void Free(void* memory, nuint bytes)
    {
        NativeMemory.Free(((byte**)memory)[-1]);
        Interlocked.Add(ref _live, -(long)bytes);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
