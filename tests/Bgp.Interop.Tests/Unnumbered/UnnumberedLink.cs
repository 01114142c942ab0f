using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>
/// Two routers with a cable between them, and nothing on it but the link-local addresses that their kernels make; each has a service address of either family on its loopback.
/// </summary>
internal sealed class UnnumberedLink : IDisposable
{
    public UnnumberedLink()
    {
        (Left, Right) = (Router("left", 1), Router("right", 2));
        Connect();
    }

    public Host Left { get; }

    public Host Right { get; }

    /// <summary>Puts the cable in; it is there from the beginning.</summary>
    public void Connect()
    {
        Left.Namespace.Ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", Right.Namespace.Name);
        Left.Namespace.Ip("link", "set", "eth0", "up");
        Right.Namespace.Ip("link", "set", "eth0", "up");
    }

    /// <summary>The link-local address that a router's kernel has made.</summary>
    public static string LinkLocalOf(Host router) => Eventually.Some("a link-local address that is not tentative", () => JsonElement.Parse(router.Namespace.Ip("-j", "-6", "address", "show", "dev", "eth0", "scope", "link", "-tentative"))
        .EnumerateArray().SelectMany(link => link.TryGetProperty("addr_info", out var addresses) ? addresses.EnumerateArray() : []).Select(address => address.GetProperty("local").GetString()).FirstOrDefault());

    /// <summary>Whether an address answers from another one of a router's.</summary>
    public static bool Answers(Host from, string source, string address) =>
        Command.Try("ip", "netns", "exec", from.Namespace.Name, "ping", "-c", "1", "-W", "1", "-I", source, address).ExitCode == 0;

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private static Host Router(string name, int number)
    {
        var space = new NetworkNamespace(name);
        foreach (var setting in (string[])["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"])
        {
            Command.Run("ip", "netns", "exec", space.Name, "sysctl", "-q", "-w", setting);
        }

        var host = new Host(space, name, $"192.0.2.{number}", $"2001:db8:2::{number}");
        space.Ip("address", "add", host.IPv4 + "/32", "dev", "lo");
        space.Ip("address", "add", host.IPv6 + "/128", "dev", "lo", "nodad");
        return host;
    }
}
