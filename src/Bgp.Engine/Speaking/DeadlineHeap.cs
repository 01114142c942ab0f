namespace Bgp.Engine;

/// <summary>Deadlines of dense numbers, the earliest first; at most one a number, moved in place. Equal deadlines come in the order of the numbers.</summary>
internal sealed class DeadlineHeap
{
    private readonly List<(Instant At, int Id)> _heap = [];
    private readonly List<int> _position = [];

    public Instant? Earliest => _heap.Count == 0 ? null : _heap[0].At;

    /// <summary>Sets, moves or (with <c>null</c>) removes the deadline of a number.</summary>
    public void Set(int id, Instant? at)
    {
        while (_position.Count <= id)
        {
            _position.Add(-1);
        }

        var index = _position[id];
        if (at is not { } deadline)
        {
            if (index >= 0)
            {
                RemoveAt(index);
            }

            return;
        }

        if (index < 0)
        {
            index = _heap.Count;
            _heap.Add((deadline, id));
        }
        else
        {
            _heap[index] = (deadline, id);
        }

        _position[id] = index;
        SiftDown(SiftUp(index));
    }

    /// <summary>Takes the number whose deadline is first, if it is not after <paramref name="now"/>.</summary>
    public bool TryTake(Instant now, out int id)
    {
        id = -1;
        if (_heap.Count == 0 || _heap[0].At > now)
        {
            return false;
        }

        id = _heap[0].Id;
        RemoveAt(0);
        return true;
    }

    private void RemoveAt(int index)
    {
        _position[_heap[index].Id] = -1;
        var last = _heap.Count - 1;
        if (index != last)
        {
            _heap[index] = _heap[last];
            _position[_heap[index].Id] = index;
        }

        _heap.RemoveAt(last);
        if (index < _heap.Count)
        {
            SiftDown(SiftUp(index));
        }
    }

    private int SiftUp(int index)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (_heap[parent].CompareTo(_heap[index]) <= 0)
            {
                break;
            }

            Swap(parent, index);
            index = parent;
        }

        return index;
    }

    private void SiftDown(int index)
    {
        while (true)
        {
            var least = index;
            for (var child = (2 * index) + 1; child <= (2 * index) + 2 && child < _heap.Count; child++)
            {
                if (_heap[child].CompareTo(_heap[least]) < 0)
                {
                    least = child;
                }
            }

            if (least == index)
            {
                return;
            }

            Swap(least, index);
            index = least;
        }
    }

    private void Swap(int left, int right)
    {
        (_heap[left], _heap[right]) = (_heap[right], _heap[left]);
        _position[_heap[left].Id] = left;
        _position[_heap[right].Id] = right;
    }
}
