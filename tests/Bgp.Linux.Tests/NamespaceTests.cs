using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Bgp.Linux.Tests;

internal sealed class NamespaceTests : LabFixture
{
    [Test]
    public void Create_Named_IsSeenByIpNetns()
    {
        var space = NewNamespace();

        Assert.That(Output(Process.Start(Command("ip", "netns", "list"))!).Split('\n').Select(line => line.Split(' ')[0]), Does.Contain(space.Name));
    }

    [Test]
    public void Create_Named_CanBeEnteredByIpNetns()
    {
        var space = NewNamespace();
        OpenNetlink(space).CreateBridge("segment");

        var output = Output(Process.Start(Command("ip", "netns", "exec", space.Name, "ip", "-o", "link"))!);

        Assert.That(output, Does.Contain("segment"));
    }

    [Test]
    public void Create_NameTaken_IsRefusedAndLeavesTheFirst()
    {
        var space = NewNamespace();

        var refused = Assert.Throws<LinuxException>(() => NetworkNamespace.Create(space.Name));

        Assert.That(refused.Errno, Is.EqualTo(Errno.EEXIST));
        Assert.That(NetworkNamespace.List(), Does.Contain(space.Name));
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("a/b")]
    public void Create_NameThatIsNoFileName_IsRefused(string name)
    {
        Assert.Throws<ArgumentException>(() => NetworkNamespace.Create(name));
    }

    [Test]
    public void Open_MadeByIpNetns_CanBeEntered()
    {
        var name = NewName();
        Output(Process.Start(Command("ip", "netns", "add", name))!);
        try
        {
            using var space = NetworkNamespace.Open(name);

            Assert.That(IdOf(space.Run(NetworkNamespace.OpenCurrent)), Is.EqualTo(IdOf(space)).And.Not.EqualTo(IdOf(NetworkNamespace.OpenCurrent())));
        }
        finally
        {
            NetworkNamespace.Delete(name);
        }
    }

    [Test]
    public void Open_NotThere_IsRefused()
    {
        Assert.That(Assert.Throws<LinuxException>(() => NetworkNamespace.Open("bgptest-none")).Errno, Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void Delete_Named_TakesTheNameAwayOnce()
    {
        var space = NewNamespace();

        Assert.That((NetworkNamespace.Delete(space.Name), NetworkNamespace.Delete(space.Name)), Is.EqualTo((true, false)));
        Assert.That(NetworkNamespace.List(), Does.Not.Contain(space.Name));
    }

    [Test]
    public void Run_Work_LeavesTheCallerAtHome()
    {
        var space = NewNamespace();
        var home = IdOf(NetworkNamespace.OpenCurrent());

        var inside = space.Run(() => IdOf(NetworkNamespace.OpenCurrent()));

        Assert.That((inside, IdOf(NetworkNamespace.OpenCurrent())), Is.EqualTo((IdOf(space), home)));
    }

    [Test]
    public void Run_WorkThrows_ThrowsTheSame()
    {
        var space = NewNamespace();

        Assert.Throws<FormatException>(() => space.Run(() => int.Parse("none", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public void Settings_Written_AreOfTheNamespaceAlone()
    {
        var first = NewNamespace();
        var second = NewNamespace();

        first.WriteSetting("net.ipv4.ip_forward", "1");
        first.WriteSetting("net/ipv6/conf/all/forwarding", "1");

        Assert.That(
            (first.ReadSetting("net.ipv4.ip_forward"), first.ReadSetting("net.ipv6.conf.all.forwarding"),
                second.ReadSetting("net.ipv4.ip_forward"), second.ReadSetting("net.ipv6.conf.all.forwarding")),
            Is.EqualTo(("1", "1", "0", "0")));
    }

    [Test]
    public void Settings_OutsideOfNet_AreRefused()
    {
        var space = NewNamespace();

        Assert.Throws<ArgumentException>(() => space.WriteSetting("kernel.panic", "0"));
    }

    [Test]
    public void Process_Started_IsInside()
    {
        var space = NewNamespace();
        OpenNetlink(space).CreateBridge("segment");

        var output = Output(space.StartProcess(Command("ip", "-o", "link")));

        Assert.That(output, Does.Contain("segment"));
    }

    [Test]
    public void OpenOf_ProcessInside_IsTheSameNamespace()
    {
        var space = NewNamespace();
        using var process = space.StartProcess(Command("sleep", "60"));
        try
        {
            Assert.That(IdOf(NetworkNamespace.OpenOf(process.Id)), Is.EqualTo(IdOf(space)));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [Test]
    public void FindProcesses_OneStarted_FindsItAlone()
    {
        var space = NewNamespace();
        using var process = space.StartProcess(Command("sleep", "60"));
        try
        {
            Assert.That(space.FindProcesses().Select(found => found.Id), Is.EqualTo(new[] { process.Id }));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [Test]
    public void Sweep_OwnerGone_KillsItsProcessesAndRemovesTheName()
    {
        var own = NetworkNamespace.List();
        var name = $"bgpsweeptest-{Environment.ProcessId}-1-a";
        using var space = NetworkNamespace.Create(name);
        using var process = space.StartProcess(Command("sleep", "60"));

        var swept = OwnedNamespaces.Sweep("bgpsweeptest");

        Assert.That(process.WaitForExit(Deadline), Is.True);
        Assert.That((swept, NetworkNamespace.List().Contains(name)), Is.EqualTo((new[] { name }, false)));
        Assert.That(NetworkNamespace.List(), Is.SupersetOf(own.Where(other => other.StartsWith("bgptest-", StringComparison.Ordinal))));
    }

    [Test]
    public void Sweep_OwnerAlive_LeavesTheName()
    {
        var space = NewNamespace();

        OwnedNamespaces.Sweep(space.Name.Split('-')[0]);

        Assert.That(NetworkNamespace.List(), Does.Contain(space.Name));
    }

    [TestCase("bgplab-12-34-node1", true)]
    [TestCase("bgplab-12-34-node-1", true)]
    [TestCase("bgplab-12-node1", false)]
    [TestCase("bgplab-12-x-node1", false)]
    [TestCase("bgplab2-12-34-node1", false)]
    [TestCase("blue", false)]
    public void Owner_OfName_IsReadOrNot(string name, bool expected)
    {
        Assert.That(OwnedNamespaces.TryOwner("bgplab", name, out var owner), Is.EqualTo(expected));
        Assert.That(owner, Is.EqualTo(expected ? new ProcessIdentity(12, 34) : default));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Sockets_OpenedInside_WorkAsynchronouslyFromOutside(CancellationToken cancel)
    {
        var (left, right) = NewPair();
        using var listener = left.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 179));
        listener.Listen();
        using var client = right.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        var accepting = listener.AcceptAsync(cancel);
        await client.ConnectAsync(IPAddress.Parse("192.0.2.1"), 179, cancel);
        using var accepted = await accepting;

        Assert.That(accepted.RemoteEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Parse("192.0.2.2"), ((IPEndPoint)client.LocalEndPoint!).Port)));
    }

    [TestCase("192.0.2.2")]
    [TestCase("2001:db8::2")]
    public void Ping_FromInside_IsAnswered(string address)
    {
        var (left, _) = NewPair();

        var reply = left.Run(() =>
        {
            using var ping = new Ping();
            return ping.Send(IPAddress.Parse(address), 5000);
        });

        Assert.That(reply.Status, Is.EqualTo(IPStatus.Success));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task PoolThreads_AfterWorkInside_AreAllAtHome(CancellationToken cancel)
    {
        var (left, _) = NewPair();
        left.Run(() =>
        {
            using var ping = new Ping();
            ping.Send(IPAddress.Parse("192.0.2.2"), 5000);
        });
        using var process = left.StartProcess(Command("sleep", "60"));
        process.Kill();
        await process.WaitForExitAsync(cancel);
        await Sockets_Talk(cancel);

        // Which threads of the runtime's own (compiler, collector) were born inside does not matter: they touch no network.
        Assert.That(ThreadsAbroad(), Has.None.Match("Sockets|Sig|TP|Timer|Pool"));
    }

    private static List<string> ThreadsAbroad()
    {
        var home = new FileInfo("/proc/self/ns/net").LinkTarget;
        var names = new List<string>();
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            if (new FileInfo($"{task}/ns/net").LinkTarget is { } target && target != home)
            {
                names.Add(File.ReadAllText($"{task}/comm").Trim());
            }
        }

        return names;
    }

    private static async Task Sockets_Talk(CancellationToken cancel)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var accepting = listener.AcceptAsync(cancel);
        await client.ConnectAsync(listener.LocalEndPoint!, cancel);
        using var accepted = await accepting;
    }

    private static ProcessStartInfo Command(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true };

    private static string Output(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
    }

    /// <summary>The inode of the namespace, which tells two apart.</summary>
    private static string? IdOf(NetworkNamespace space) =>
        space.Run(() => new FileInfo("/proc/thread-self/ns/net").LinkTarget);
}
