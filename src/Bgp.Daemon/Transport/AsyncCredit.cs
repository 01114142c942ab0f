using System.Diagnostics.CodeAnalysis;

namespace Bgp.Daemon;

/// <summary>A count that loops take from and wait for, first come first served, and that others give to from any thread. Waiters go on from the pool, never on the giver's thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose, and a late Give must find it alive.")]
internal sealed class AsyncCredit(int initial)
{
    private readonly SemaphoreSlim _count = new(initial);

    public Task TakeAsync(CancellationToken cancellationToken) => _count.WaitAsync(cancellationToken);

    public bool TryTake() => _count.Wait(0, CancellationToken.None);

    public void Give() => _count.Release();
}
