namespace Bgp.Linux;

/// <summary>One message of a batch that the kernel refused.</summary>
/// <param name="Index">Which message of the batch, from 0.</param>
/// <param name="Errno">Why, by number.</param>
/// <param name="KernelText">The kernel's own words, or null.</param>
public readonly record struct NetlinkFailure(int Index, Errno Errno, string? KernelText)
{
    public override string ToString() => KernelText is null ? $"{Errno.Describe()} ({Errno})" : $"{KernelText} ({Errno})";
}
