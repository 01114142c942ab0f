using System.Globalization;

namespace Bgp.Load;

/// <summary>The addresses of a run, all on one link of 172.31.0.0/16 between two network namespaces.</summary>
internal static class LoadAddresses
{
    public const uint Daemon = 0xac1f0001;

    /// <summary>Ours, but no client's.</summary>
    public const uint Probe = 0xac1f0002;
    public const byte LinkLength = 16;
    public const int MaxClients = 30_000;
    public const int Port = 179;

    private const uint FirstClient = 0xac1f8001;

    /// <summary>Where the clients are: the upper half.</summary>
    public static string ClientLink => "172.31.128.0/17";

    public static uint Client(int index) => FirstClient + (uint)index;

    public static int IndexOf(uint address) => (int)(address - FirstClient);

    public static string Text(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
}
