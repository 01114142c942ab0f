using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>What an <see cref="Errno"/> says in words.</summary>
public static class ErrnoText
{
    /// <summary>The C library's sentence, such as <c>Network is unreachable</c>.</summary>
    public static string Describe(this Errno errno) => Marshal.GetPInvokeErrorMessage((int)errno);
}
