using Bgp.Engine;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>
/// Writes a <see cref="FibBatch"/>: first the nexthop objects that it needs and that are not there, then the routes in pieces of at most 64 KiB, then it removes the objects that no route
/// has any more.
/// <para>
/// What objects there are is a belief: a device takes its objects along without a word, and another program may take a number. Objects that the kernel refuses are tried once more by what it
/// lists now; for ways that it refuses again the routes have the gateways themselves, so that what is told of them is the kernel's word about the route. Routes that are refused although
/// their objects seemed to be there are written once more in the same way. No route is ever written before its object is known to be ours. A kernel without nexthop objects gets the
/// gateways in the routes, as with <see cref="FibConfig.NexthopObjects"/> off.
/// </para>
/// </summary>
internal sealed class BatchWriter(Rtnetlink changes, Rtnetlink reads, NextHopObjects objects)
{
    private readonly NetlinkBatch _piece = new(changes);
    private readonly List<NetlinkFailure> _refusals = [];
    private readonly List<NextHopObject> _made = [];

    // The requests of the routes in the piece.
    private readonly List<int> _requests = [];
    private readonly List<int> _again = [];
    private readonly List<FibFailure> _failures = [];

    // For this batch: the object of each ways, 0 for those that are written into the routes.
    private readonly Dictionary<Forwarding, uint> _objectOf = [];

    /// <summary>Why the kernel knows no nexthop objects; <c>null</c> where it does.</summary>
    public string? Refusal { get; private set; }

    public FibBatchResult Write(FibBatch batch)
    {
        _failures.Clear();
        _again.Clear();
        var isKnown = TryWrite(batch, Enumerable.Range(0, batch.Requests.Length), isLast: false);
        if (isKnown && _again.Count > 0)
        {
            int[] again = [.. _again];
            isKnown = TryLearn(batch.Config) && TryWrite(batch, again, isLast: true);
        }

        if (!isKnown)
        {
            // Routes may refer to what seems to be of no use, also later again; the dump that now comes tells.
            return new FibBatchResult(true, []);
        }

        RemoveAll(objects.Retire(batch.Retired));
        return new FibBatchResult(false, [.. _failures.OrderBy(failure => failure.Index)]);
    }

    /// <summary>Reads the kernel's list of nexthop objects; false where it gave no whole answer.</summary>
    public bool TryLearn(FibConfig marks)
    {
        if (Refusal is not null)
        {
            return true;
        }

        try
        {
            objects.Learn(reads.ReadNextHops(), marks);
            return true;
        }
        catch (NetlinkException refused) when (refused.Errno is Errno.EOPNOTSUPP or Errno.EINVAL or Errno.EAFNOSUPPORT)
        {
            Refusal = refused.Message;
            return true;
        }
        catch (NetlinkException interrupted) when (interrupted.Errno is Errno.EINTR or Errno.ENOBUFS or Errno.ETIMEDOUT)
        {
            return false;
        }
    }

    /// <summary>Removes objects that no route refers to, as a whole dump has shown.</summary>
    public void Sweep(IReadOnlyList<uint> ids) => RemoveAll(ids);

    private bool TryWrite(FibBatch batch, IEnumerable<int> indices, bool isLast)
    {
        if (!TryPrepare(batch, indices))
        {
            return false;
        }

        foreach (var index in indices)
        {
            var request = batch.Requests[index];
            var route = KernelTranslation.ToNetlink(request, batch.Config);
            if (ObjectOf(request) is var id and not 0)
            {
                route = route with { NextHopId = id, NextHops = [], Scope = RouteScope.Universe };
            }

            if (!TryAdd(request.Verb, route) && !(TrySend(batch, isLast) && TryAdd(request.Verb, route)))
            {
                return false;
            }

            _requests.Add(index);
        }

        return TrySend(batch, isLast);
    }

    private uint ObjectOf(in FibRequest request) => request.Forwarding is { } ways ? _objectOf.GetValueOrDefault(ways) : 0;

    /// <summary>Has the objects made that the requests need; false where an answer was lost.</summary>
    private bool TryPrepare(FibBatch batch, IEnumerable<int> indices)
    {
        _objectOf.Clear();
        if (Refusal is not null || !batch.Config.NexthopObjects)
        {
            return true;
        }

        var ways = indices.Select(index => batch.Requests[index].Forwarding).OfType<Forwarding>().Distinct().ToList();
        if (!TryMake(ways, batch.Config))
        {
            return false;
        }

        if (_refusals.Count == 0)
        {
            return true;
        }

        if (!TryLearn(batch.Config) || !TryMake(ways, batch.Config))
        {
            return false;
        }

        if (_refusals.Count > 0)
        {
            // A group without one of its members is not what was asked for: only what the kernel lists now counts.
            var isLearnt = TryLearn(batch.Config);
            foreach (var each in ways)
            {
                _objectOf[each] = objects.Find(each);
            }

            return isLearnt;
        }

        return true;
    }

    /// <summary>Sends for the objects that are not there yet; what the kernel refuses is forgotten and stays in the refusals.</summary>
    private bool TryMake(List<Forwarding> ways, FibConfig marks)
    {
        _made.Clear();
        foreach (var each in ways)
        {
            _objectOf[each] = objects.TryUse(each, marks, _made, out var id) ? id : 0;
        }

        _refusals.Clear();
        var sent = 0;
        for (var at = 0; at < _made.Count; at++)
        {
            if (!_piece.TryAddNextHop(_made[at]))
            {
                if (!TrySendObjects(sent))
                {
                    return false;
                }

                sent = at;
                _piece.TryAddNextHop(_made[at]);
            }
        }

        return TrySendObjects(sent);
    }

    private bool TrySendObjects(int first)
    {
        var refusals = new List<NetlinkFailure>();
        if (_piece.Send(refusals) != BatchOutcome.Known)
        {
            return false;
        }

        foreach (var refusal in refusals)
        {
            objects.Forget(_made[first + refusal.Index].Id);
            _refusals.Add(refusal);
            if (refusal.Errno is Errno.EOPNOTSUPP or Errno.EPERM)
            {
                Refusal = refusal.ToString();
            }
        }

        return true;
    }

    private bool TryAdd(FibVerb verb, in Linux.KernelRoute route) => _piece.TryAdd(
        verb switch
        {
            FibVerb.Add => RouteOperation.Create,
            FibVerb.Replace => RouteOperation.Change,
            _ => RouteOperation.Delete,
        },
        route);

    private bool TrySend(FibBatch batch, bool isLast)
    {
        _refusals.Clear();
        var isKnown = _piece.Send(_refusals) == BatchOutcome.Known;
        foreach (var refusal in isKnown ? _refusals : [])
        {
            // Some refusals are about the route's key, whatever it refers to.
            var index = _requests[refusal.Index];
            var isKeys = refusal.Errno is Errno.EEXIST or Errno.ENOENT or Errno.ESRCH;
            if (!isLast && !isKeys && ObjectOf(batch.Requests[index]) != 0)
            {
                _again.Add(index);
            }
            else
            {
                _failures.Add(new FibFailure(index, (int)refusal.Errno, refusal.KernelText ?? refusal.Errno.Describe()));
            }
        }

        _requests.Clear();
        return isKnown;
    }

    /// <summary>What is not there any more is as good as removed; where an answer is lost, an object that no route needs may stay until the next dump.</summary>
    private void RemoveAll(IReadOnlyList<uint> ids)
    {
        foreach (var id in ids)
        {
            if (!_piece.TryAddNextHopRemoval(id))
            {
                _piece.Send(_refusals);
                _piece.TryAddNextHopRemoval(id);
            }
        }

        _piece.Send(_refusals);
    }
}
