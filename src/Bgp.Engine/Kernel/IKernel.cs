using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>
/// The leaf that holds the kernel: netlink in the daemon, a model that refuses, times out and forgets in the simulator. Calls come from the route lane and do not block; outcomes come
/// back through <see cref="Speaker.Post(in FibInput)"/> and <see cref="Speaker.Post(KernelUpdate)"/>. After start it posts one <see cref="KernelUpdate"/> with all links, addresses and
/// foreign routes (<see cref="KernelUpdate.IsSnapshot"/>), then each change.
/// </summary>
public interface IKernel
{
    /// <summary>Writes the requests in order; one batch is in flight. The outcome is <see cref="FibInputKind.BatchDone"/>, also when it is unknown.</summary>
    void Submit(FibBatch batch);

    /// <summary>Reads all routes with the table and protocol of <paramref name="marks"/> (see <see cref="FibDump.Builder"/>), outcome <see cref="FibInputKind.DumpDone"/>. From then on route events are about that table.</summary>
    void RequestDump(FibConfig marks);

    /// <summary>From now on routes of these tables are told too, beside those of the main and the local one, and first a snapshot that has them. Ascending; replaces what was asked for before.</summary>
    void Watch(ImmutableArray<uint> tables);
}
