#pragma warning disable
using Bgp.Protocol;

namespace Bgp.Engine;

public struct NextHopEntry { public IpAddress Address; public bool IsResolved; public uint Metric; public Forwarding? Ways; public bool IsOwnAddress; }

public sealed class NextHopTable
{
    private NextHopEntry[] _e = new NextHopEntry[1000]; private int _n; Dictionary<IpAddress,int> _d = new();
    public int Track(in IpAddress address, in IpAddress linkLocal, int interfaceHint) {
        if (!_d.TryGetValue(address, out var i)) { i = _n++; _d[address] = i; _e[i] = new NextHopEntry { Address = address, IsResolved = true, Ways = new Forwarding([new ForwardingHop(address, 2)]) }; } return i; }
    public void Release(int id) { }
    public ref readonly NextHopEntry this[int id] => ref _e[id];
    public void Apply(KernelUpdate update, List<int> changed) { }
    public bool TrySelfAddress(IpAddress sessionLocal, AddressFamily family, out IpAddress address) { address = default; return false; }
    public bool IsConnected(IpAddress address, out int interfaceIndex) { interfaceIndex = 2; return address.IsV4 && (address.V4Bits >> 16) == 0x0a00; }
}
