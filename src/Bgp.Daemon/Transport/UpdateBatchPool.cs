using System.Collections.Concurrent;
using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>Empty batches and the budget of all those that are out, whoever owns them. Readers wait here, first come first served, when the whole budget is out.</summary>
internal sealed class UpdateBatchPool(TransportLimits limits)
{
    private readonly AsyncCredit _budget = new(limits.Batches);
    private readonly ConcurrentBag<UpdateBatch> _free = [];

    public async ValueTask<UpdateBatch> RentAsync(CancellationToken cancellationToken)
    {
        await _budget.TakeAsync(cancellationToken).ConfigureAwait(false);
        return _free.TryTake(out var batch) ? batch : new UpdateBatch();
    }

    public void Return(UpdateBatch batch)
    {
        if (_free.Count < limits.FreeBatches)
        {
            _free.Add(batch);
        }

        _budget.Give();
    }
}
