namespace Bgp.Daemon;

/// <summary>Wakes one waiting loop; any number of calls before it waits again are one. The waiter goes on from the pool, never on the caller's thread.</summary>
internal sealed class AsyncSignal
{
    private readonly AsyncCredit _credit = new(0);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _credit.Give();
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await _credit.TakeAsync(cancellationToken).ConfigureAwait(false);

        // A full fence: what was queued before an ignored Set is seen by whoever goes on from here.
        Interlocked.Exchange(ref _isSet, 0);
    }
}
