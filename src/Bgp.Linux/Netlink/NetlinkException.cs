namespace Bgp.Linux;

/// <summary>A netlink request that the kernel refused, with the kernel's own reason (extended ACK) where it gave one.</summary>
public sealed class NetlinkException(string operation, Errno errno, string? kernelText = null) : LinuxException(operation, errno, kernelText)
{
    /// <summary>The kernel's own words, such as <c>Nexthop has invalid gateway</c>; null where it gave none.</summary>
    public string? KernelText { get; } = kernelText;
}
