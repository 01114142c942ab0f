using System.Diagnostics;
using System.Text.Json;
using Bgp.Linux;
using Bgp.Protocol;
using NetlinkAddress = Bgp.Linux.KernelAddress;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon.Tests;

/// <summary>
/// Two routers, each a daemon in a network namespace: "subject", whose kernel is looked at, and "far", which announces. Two links, east (10.1.0.0/24, fd01::/64) and west (10.2.0.0/24,
/// fd02::/64), subject .1 and far .2; loopback addresses 10.8.8.1, fd08::1 and 10.9.9.9, fd09::9. One iBGP session between the IPv4 loopbacks carries both families, so next hops are
/// 10.9.9.9 and fd09::9, and which link leads there is for the test to say by kernel routes. Far always has a way back over either link.
/// </summary>
internal sealed class RouterPair : IDisposable
{
    public const int BlockCount = 20;

    public static readonly IpAddress FarV4 = IpAddress.Parse("10.9.9.9");
    public static readonly IpAddress FarV6 = IpAddress.Parse("fd09::9");

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static int _counter;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bgp-pair-");
    private readonly NetworkNamespace _farSpace;
    private readonly Rtnetlink _farNetlink;
    private Process? _subject;
    private Process? _far;

    public RouterPair(bool nexthopObjects)
    {
        Assert.That(Privileges.IsRoot && Privileges.HasSysAdmin && Privileges.HasNetAdmin, "these tests make network namespaces: run them as root");
        OwnedNamespaces.Sweep("bgppair");
        NexthopObjects = nexthopObjects;
        Space = NewSpace("s");
        _farSpace = NewSpace("f");
        Netlink = Rtnetlink.Open(Space);
        _farNetlink = Rtnetlink.Open(_farSpace);
        Netlink.SetLinkUp(Netlink.LinkIndex("lo"));
        _farNetlink.SetLinkUp(_farNetlink.LinkIndex("lo"));
        East = Connect("east", 1);
        West = Connect("west", 2);
        AddAddress(Netlink, Netlink.LinkIndex("lo"), "10.8.8.1", 32, "fd08::1", 128);
        AddAddress(_farNetlink, _farNetlink.LinkIndex("lo"), "10.9.9.9", 32, "fd09::9", 128);
        Assert.That(SpinWait.SpinUntil(() => Netlink.FindLink("east")!.IsRunning && Netlink.FindLink("west")!.IsRunning, Deadline), "the links did not come up");
        foreach (var (link, network) in new[] { ("east", 1), ("west", 2) })
        {
            AddRoute(_farNetlink, "10.8.8.1/32", $"10.{network}.0.1", _farNetlink.LinkIndex(link), (uint)network);
            AddRoute(_farNetlink, "fd08::1/128", $"fd0{network}::1", _farNetlink.LinkIndex(link), (uint)network);
        }
    }

    /// <summary>What a subject that is started from now on is configured with.</summary>
    public bool NexthopObjects { get; set; }

    /// <summary>The session runs over the east link's IPv6 addresses, and that link has no IPv4 ones.</summary>
    public bool IsIpv6Only
    {
        get;
        init
        {
            field = value;
            if (value)
            {
                Netlink.DeleteAddress(new NetlinkAddress(IpAddress.Parse("10.1.0.1"), 24, East));
                _farNetlink.DeleteAddress(new NetlinkAddress(IpAddress.Parse("10.1.0.2"), 24, _farNetlink.LinkIndex("east")));
            }
        }
    }

    /// <summary>The metric and the policies of a subject's <c>fib</c> that is started from now on, as fields.</summary>
    public string FibFields { get; set; } = "metric: 1024";

    /// <summary>More of the router file of a subject that is started from now on.</summary>
    public string Sections { get; set; } = "";

    public NetworkNamespace Space { get; }

    public Rtnetlink Netlink { get; }

    public int East { get; }

    public int West { get; }

    public static IEnumerable<IpPrefix> Blocks(Afi family) =>
        Enumerable.Range(0, BlockCount).Select(number => IpPrefix.Parse(family == Afi.Ipv4 ? $"198.18.{number}.0/24" : $"2001:db8:{number + 1:x}::/48"));

    /// <summary>Puts a route of somebody else's into the subject's kernel.</summary>
    public void AddRoute(string prefix, string gateway, int link, uint metric) => AddRoute(Netlink, prefix, gateway, link, metric);

    /// <summary>Moves a route of somebody else's to another gateway.</summary>
    public void MoveRoute(string prefix, string gateway, int link, uint metric) => Netlink.ChangeRoute(RouteOperation.Change, Static(prefix, gateway, link, metric));

    public static void AddAddress(Rtnetlink netlink, int link, string v4, byte v4Length, string v6, byte v6Length)
    {
        netlink.AddAddress(new NetlinkAddress(IpAddress.Parse(v4), v4Length, link) { Flags = AddressFlags.NoDad });
        netlink.AddAddress(new NetlinkAddress(IpAddress.Parse(v6), v6Length, link) { Flags = AddressFlags.NoDad });
    }

    /// <summary>After the link was down: IPv6 addresses went with it, and the link takes a moment.</summary>
    public void RestoreEast()
    {
        Assert.That(SpinWait.SpinUntil(() => Netlink.FindLink("east")!.IsRunning, Deadline), "the link did not come up");
        if (!Netlink.ReadAddresses(East).Any(address => address.Address == IpAddress.Parse("fd01::1")))
        {
            Netlink.AddAddress(new NetlinkAddress(IpAddress.Parse("fd01::1"), 64, East) { Flags = AddressFlags.NoDad });
        }
    }

    /// <summary>Gives far its IPv6 address on the east link too, so that it answers for it there.</summary>
    public void AddFarAddressOnEast() =>
        _farNetlink.AddAddress(new NetlinkAddress(FarV6, 128, _farNetlink.LinkIndex("east")) { Flags = AddressFlags.NoDad });

    /// <summary>Starts far with all its blocks but the first <paramref name="without"/> of each family.</summary>
    public void StartFar(int without = 0)
    {
        var networks = string.Join('\n', Blocks(Afi.Ipv4).Skip(without).Concat(Blocks(Afi.Ipv6).Skip(without)).Select(prefix => $"  - {{prefix: \"{prefix}\"}}"));
        _far = Start(_farSpace, "far", $$"""
            router: {asn: 64512, routerId: 10.9.9.9}
            networks:
            {{networks}}
            fib: {enabled: false}
            neighbors:
              - {address: "{{(IsIpv6Only ? "fd01::1" : "10.8.8.1")}}", asn: 64512, localAddress: "{{(IsIpv6Only ? "fd01::2" : "10.9.9.9")}}", families: [ipv4-unicast, ipv6-unicast], connectRetry: 1s}
            """);
    }

    public void StartSubject() => _subject = Start(Space, "subject", $$"""
        router: {asn: 64512, routerId: 10.8.8.1}
        fib: {nexthopObjects: {{(NexthopObjects ? "auto" : "off")}}, {{FibFields}} }
        neighbors:
          - {address: "{{(IsIpv6Only ? "fd01::2" : "10.9.9.9")}}", asn: 64512, localAddress: "{{(IsIpv6Only ? "fd01::1" : "10.8.8.1")}}", families: [ipv4-unicast, ipv6-unicast], connectRetry: 1s}
        {{Sections}}
        """);

    /// <summary>What a command of the program says about a router that runs.</summary>
    public JsonElement Ask(string router, params string[] command)
    {
        var start = new ProcessStartInfo(Path.Combine(TestContext.CurrentContext.TestDirectory, "bgp"), [.. command, "-o", "json", "--socket", Path.Combine(_folder.FullName, $"{router}.sock")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonElement.Parse(text) : JsonElement.Parse(JsonSerializer.Serialize(new { error = error.Result }));
    }

    /// <summary>Waits until a router has a best route for a prefix, or has none.</summary>
    public void AwaitRoute(string router, string prefix, bool isThere)
    {
        JsonElement last = default;
        bool Holds()
        {
            last = Ask(router, "show", "routes", prefix);
            return last.ValueKind == JsonValueKind.Array && last.EnumerateArray().Any(route => route.GetProperty("best").GetBoolean()) == isThere;
        }

        Assert.That(SpinWait.SpinUntil(Holds, Deadline), () => $"{router} has {prefix} as {last}\n{Log("subject")}");
    }

    /// <summary>Ends the subject as a crash does.</summary>
    public void KillSubject() => Kill(ref _subject);

    public void KillFar() => Kill(ref _far);

    /// <summary>What the subject has in its kernel under our protocol.</summary>
    public IReadOnlyList<NetlinkRoute> Ours(Afi family) => Netlink.ReadRoutes(new RouteFilter(family, NetlinkRoute.MainTable, RouteProtocol.Bgp));

    /// <summary>Waits until the kernel has exactly so many of our routes of each family and all leave over a link.</summary>
    public void AwaitRoutes(int count, int link)
    {
        bool Holds(Afi family) => Ours(family) is var routes
            && routes.Count == count
            && routes.All(route => route.NextHops.Count == 1 && route.NextHops[0].InterfaceIndex == link);
        Assert.That(
            SpinWait.SpinUntil(() => Holds(Afi.Ipv4) && Holds(Afi.Ipv6), Deadline),
            () => $"the routes did not come: {string.Join('\n', Ours(Afi.Ipv4).Concat(Ours(Afi.Ipv6)))}\n{Log("subject")}");
    }

    public string Log(string router) => File.ReadAllText(Path.Combine(_folder.FullName, $"{router}.log"));

    public void Dispose()
    {
        KillSubject();
        KillFar();
        Netlink.Dispose();
        _farNetlink.Dispose();
        foreach (var space in new[] { Space, _farSpace })
        {
            NetworkNamespace.Delete(space.Name);
            space.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static NetworkNamespace NewSpace(string name)
    {
        var space = NetworkNamespace.Create(OwnedNamespaces.NameOf("bgppair", $"{name}{Interlocked.Increment(ref _counter)}"));
        foreach (var family in new[] { "ipv4", "ipv6" })
        {
            space.WriteSetting($"net.{family}.conf.all.forwarding", "1");
        }

        space.WriteSetting("net.ipv6.conf.default.accept_dad", "0");
        return space;
    }

    private int Connect(string name, int network)
    {
        var link = Netlink.CreateVeth(name, name, _farSpace);
        var far = _farNetlink.LinkIndex(name);
        Netlink.SetLinkUp(link);
        _farNetlink.SetLinkUp(far);
        AddAddress(Netlink, link, $"10.{network}.0.1", 24, $"fd0{network}::1", 64);
        AddAddress(_farNetlink, far, $"10.{network}.0.2", 24, $"fd0{network}::2", 64);
        return link;
    }

    private static void AddRoute(Rtnetlink netlink, string prefix, string gateway, int link, uint metric) =>
        netlink.ChangeRoute(RouteOperation.Create, Static(prefix, gateway, link, metric));

    private static NetlinkRoute Static(string prefix, string gateway, int link, uint metric) => new(IpPrefix.Parse(prefix))
    {
        Protocol = RouteProtocol.Static,
        Metric = metric,
        NextHops = [new(IpAddress.Parse(gateway), link)],
    };

    private Process Start(NetworkNamespace space, string name, string config)
    {
        var file = Path.Combine(_folder.FullName, $"{name}.yaml");
        File.WriteAllText(file, $"{config}\napi: {{socket: {_folder.FullName}/{name}.sock}}\n");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$0\" run --config {file} >> {_folder.FullName}/{name}.log 2>&1", Path.Combine(TestContext.CurrentContext.TestDirectory, "bgp")]);
        return space.StartProcess(start);
    }

    private static void Kill(ref Process? process)
    {
        if (process is null)
        {
            return;
        }

        process.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }
}
