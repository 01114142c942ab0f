using System.Globalization;

namespace Bgp.Interop.Tests;

/// <summary>A machine on a <see cref="Segment"/>: a namespace, its addresses on eth0, and a directory for the files of what runs in it.</summary>
internal sealed record Host(NetworkNamespace Namespace, string Name, string IPv4, string IPv6) : IDisposable
{
    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Namespace.Name)).FullName;

    /// <summary>The link-local address of our own choice on eth0; the kernel gives it another one besides.</summary>
    public string LinkLocal => "fe80::a:" + IPv4.Split('.')[3];

    public string Address(Family family) => family == Family.IPv4 ? IPv4 : IPv6;

    /// <summary>A counter of the host's kernel (TcpExt in /proc/net/netstat).</summary>
    public int TcpCounter(string name)
    {
        var lines = Command.Run("ip", "netns", "exec", Namespace.Name, "grep", "^TcpExt:", "/proc/net/netstat").Split('\n');
        return int.Parse(lines[1].Split(' ')[Array.IndexOf(lines[0].Split(' '), name)], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        Namespace.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
