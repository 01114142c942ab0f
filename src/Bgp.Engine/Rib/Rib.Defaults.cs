using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Default routes that single neighbors are sent (<c>defaultOriginate</c>). They are no routes of ours: the Loc-RIB and the kernel have none of them. A group whose members ask for one has it in its
/// Adj-RIB-Out in the place of what the Loc-RIB would give; so the destination of the default prefix lives, with or without paths, while a group has such an entry.
/// </summary>
internal sealed partial class Rib<TBits>
{
    private static readonly IpPrefix DefaultPrefix = new(TBits.ToAddress(default), 0);

    private bool _isDefaultDue;

    public override void ReviewDefaults() => _isDefaultDue |= _groups.Exists(static group => group.Key.DefaultRoute is not null);

    /// <summary>Whether the group is sent a default route of ours for the destination, whatever the Loc-RIB has.</summary>
    private bool IsOriginatedFor(UpdateGroup group, in Destination<TBits> destination) =>
        destination.Length == 0 && group.Key.DefaultRoute is { } route && _context.Conditions!.Hold(route);

    /// <summary>The set that the group is sent, with one more reference; 0 where it cannot carry it. Export policy is not asked: who configures a default for a neighbor means it.</summary>
    private uint OriginatedFor(UpdateGroup group)
    {
        var own = _context.InternOwn();
        var exported = Exported(group, own, _context.Slots[0]!);
        _context.Attributes.Release(own);
        return exported;
    }

    /// <summary>Brings the groups' own default routes up to date. Returns how many destinations it looked at.</summary>
    private int ExportDefaults()
    {
        if (!_isDefaultDue)
        {
            return 0;
        }

        _isDefaultDue = false;
        var bits = TBits.From(DefaultPrefix);
        var index = _table.FindOrAdd(bits, 0, _table.Hash(bits, 0));
        ref var destination = ref _table[index];
        _context.Visited++;
        foreach (var group in _groups)
        {
            // The kernel is not told: what it has from before a restart is not for this to decide.
            if (group.Key.DefaultRoute is not null)
            {
                Export(group, index, ref destination);
            }
        }

        if (destination.PathCount == 0)
        {
            _emptied.Add(index);
        }

        return 1;
    }

    /// <summary>Whether the destination is there only for the groups' sake.</summary>
    private bool IsDefaultWithoutPaths => _table.Find(DefaultPrefix) is var index and not 0 && _table[index].PathCount == 0;
}
