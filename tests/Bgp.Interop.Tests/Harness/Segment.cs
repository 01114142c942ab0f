namespace Bgp.Interop.Tests;

/// <summary>One Ethernet segment: a bridge in a namespace of its own, with a host for each <see cref="Attach"/>.</summary>
internal sealed class Segment : IDisposable
{
    private readonly NetworkNamespace _bridge = new("bridge");
    private readonly List<Host> _hosts = [];

    public Segment()
    {
        _bridge.Ip("link", "add", "bridge", "type", "bridge");
        _bridge.Ip("link", "set", "bridge", "up");
    }

    public Host Attach(string name)
    {
        var number = _hosts.Count + 1;
        var host = new Host(new NetworkNamespace(name), name, $"10.9.0.{number}", $"fd00:9::{number}");
        _hosts.Add(host);
        host.Namespace.Ip("link", "add", "eth0", "type", "veth", "peer", "name", name, "netns", _bridge.Name);
        host.Namespace.Ip("address", "add", host.IPv4 + "/24", "dev", "eth0");
        // No duplicate address detection: the address is usable at once.
        host.Namespace.Ip("address", "add", host.IPv6 + "/64", "dev", "eth0", "nodad");
        host.Namespace.Ip("address", "add", host.LinkLocal + "/64", "dev", "eth0", "nodad");
        host.Namespace.Ip("link", "set", "eth0", "up");
        _bridge.Ip("link", "set", name, "master", "bridge", "up");
        return host;
    }

    public void Dispose()
    {
        _hosts.ForEach(host => host.Dispose());
        _bridge.Dispose();
    }
}
