using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The established sessions by the peer's address: whom not to tell its own address as next hop (RFC 4271 §5.1.3). Routes come in runs of one next hop, so the last answer is kept.</summary>
internal sealed class NextHopOwners
{
    private readonly Dictionary<IpAddress, ushort> _slots = [];
    private IpAddress _last;
    private int _lastOwner = -1;

    public void Add(PeerSlot slot)
    {
        _slots[slot.Address] = slot.Number;
        Forget();
    }

    /// <summary>The session is over; a later one of the same address stays.</summary>
    public void Remove(PeerSlot slot)
    {
        if (_slots.TryGetValue(slot.Address, out var owner) && owner == slot.Number)
        {
            _slots.Remove(slot.Address);
            Forget();
        }
    }

    /// <summary>The slot of the session whose peer has the address, else −1.</summary>
    public int Of(in IpAddress nextHop)
    {
        if (nextHop != _last)
        {
            _lastOwner = _slots.TryGetValue(nextHop, out var slot) ? slot : -1;
            _last = nextHop;
        }

        return _lastOwner;
    }

    private void Forget() => (_last, _lastOwner) = (IpAddress.None, -1);
}
