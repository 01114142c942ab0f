namespace Bgp.Engine;

/// <summary>Where a record stands, beside what is desired and what the kernel has.</summary>
[Flags]
internal enum FibFlags : ushort
{
    None = 0,

    /// <summary>The number is in use.</summary>
    Used = 1,

    /// <summary>In the list of what the next batches write.</summary>
    Dirty = 2,

    InFlight = 4,

    /// <summary>Somebody else changed it while our request was in flight: the order of the two is unknown.</summary>
    Touched = 8,

    /// <summary>Nobody knows what the kernel has; only a dump tells, and until then nothing is written.</summary>
    Unsure = 16,

    /// <summary>Waits in a retry queue.</summary>
    Waiting = 32,

    /// <summary>With <see cref="Waiting"/>: because somebody keeps changing it, so that no news of the kernel hastens it.</summary>
    Disputed = 64,

    /// <summary>Found in the kernel and wanted by nobody yet: stays until the sweep is allowed.</summary>
    Stale = 128,

    /// <summary>Still carries the protocol number of the configuration before; a replacement gives it ours.</summary>
    Inherited = 256,

    /// <summary>The dump that is being applied has it.</summary>
    Seen = 512,

    /// <summary>Somebody else did the same to it while our request was in flight, which matters only if ours is refused.</summary>
    Preempted = 2048,

    /// <summary>A flush tried to remove it often enough.</summary>
    Abandoned = 1024,

    /// <summary>Under its present metric it was written, or found, and not removed by us since: what seems absent, by an event that may be older, may be there.</summary>
    Written = 4096,
}

/// <summary>
/// One prefix in the FIB: 28 bytes without references. <see cref="Desired"/> and <see cref="Actual"/> are numbers of the <see cref="ForwardingTable"/>.
/// </summary>
internal struct FibRecord
{
    /// <summary>Nothing desired, nothing in the kernel.</summary>
    public const int Absent = 0;

    /// <summary>The kernel has a route of ours that differs from whatever may be desired.</summary>
    public const int Other = 1;

    public int Desired;
    public int Actual;

    /// <summary>The metric under which it is desired; 0 is that of the marks.</summary>
    public uint Metric;

    /// <summary>The metric under which the kernel has it, or was last told to; 0 is that of the marks.</summary>
    public uint Held;

    /// <summary>The next in the dirty list, −1 at its end.</summary>
    public int NextDirty;
    public FibFlags Flags;

    /// <summary>A number of the <see cref="ErrorTexts"/>; 0 is none.</summary>
    public ushort Error;

    /// <summary>Refusals in a row.</summary>
    public byte Attempts;

    /// <summary>How often others changed it lately; halved every minute.</summary>
    public byte Disputes;
}
