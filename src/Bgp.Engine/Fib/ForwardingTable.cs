namespace Bgp.Engine;

/// <summary>
/// Interns <see cref="Forwarding"/> by value and numbers it, so that a record holds four bytes and equality is a comparison of numbers. Counted: a number is free again after as many
/// releases as acquisitions, and its value is then put into <c>retired</c> until it is acquired again. Numbers below <see cref="First"/> are the holder's own and pass through <see cref="Release"/> untouched.
/// </summary>
internal sealed class ForwardingTable(HashSet<Forwarding>? retired = null)
{
    public const int First = 2;

    private readonly Dictionary<Forwarding, int> _ids = [];
    private readonly List<(Forwarding? Value, int References)> _entries = [];
    private readonly Stack<int> _free = [];

    /// <summary>How many distinct values are held.</summary>
    public int Count => _ids.Count;

    public Forwarding this[int id] => _entries[id - First].Value ?? throw new ArgumentOutOfRangeException(nameof(id));

    public int Acquire(Forwarding value)
    {
        if (_ids.TryGetValue(value, out var id))
        {
            var (held, references) = _entries[id - First];
            _entries[id - First] = (held, references + 1);
            return id;
        }

        if (_free.TryPop(out id))
        {
            _entries[id - First] = (value, 1);
        }
        else
        {
            id = _entries.Count + First;
            _entries.Add((value, 1));
        }

        _ids.Add(value, id);
        retired?.Remove(value);
        return id;
    }

    /// <summary>One more holder of a number that is already held.</summary>
    public int Share(int id)
    {
        if (id >= First)
        {
            var (held, references) = _entries[id - First];
            _entries[id - First] = (held, references + 1);
        }

        return id;
    }

    public void Release(int id)
    {
        if (id < First)
        {
            return;
        }

        var (held, references) = _entries[id - First];
        if (references > 1)
        {
            _entries[id - First] = (held, references - 1);
            return;
        }

        _ids.Remove(held!);
        retired?.Add(held!);
        _entries[id - First] = (null, 0);
        _free.Push(id);
    }
}
