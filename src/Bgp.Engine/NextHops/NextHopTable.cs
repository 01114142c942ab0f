#pragma warning disable
using Bgp.Protocol;

namespace Bgp.Engine;

public struct NextHopEntry { public IpAddress Address; public bool IsResolved; public uint Metric; public Forwarding? Ways; public bool IsOwnAddress; }

public sealed class NextHopTable
{
    private NextHopEntry[] _e = new NextHopEntry[1];
    public int Track(in IpAddress address, in IpAddress linkLocal, int interfaceHint) => 0;
    public void Release(int id) { }
    public ref readonly NextHopEntry this[int id] => ref _e[id];
    public void Apply(KernelUpdate update, List<int> changed) { }
    public bool TrySelfAddress(IpAddress sessionLocal, AddressFamily family, out IpAddress address) { address = default; return false; }
    public bool IsConnected(IpAddress address, out int interfaceIndex) { interfaceIndex = 0; return false; }
}
