namespace Bgp.Linux;

/// <summary>Random numbers that nobody can foresee, from the kernel. The base library's have it load OpenSSL, for which a router has no other use: 4 MiB, and part of each start.</summary>
public static class KernelRandom
{
    /// <summary>64 random bits.</summary>
    /// <exception cref="LinuxException">The kernel gave none.</exception>
    public static ulong NextUInt64()
    {
        while (true)
        {
            // So few come whole or not at all (getrandom(2)).
            var result = Libc.GetRandom(out var value, sizeof(ulong), flags: 0);
            if (result == sizeof(ulong))
            {
                return value;
            }

            // A signal while the kernel gathers its first entropy.
            if (Libc.LastError != Errno.EINTR)
            {
                LinuxException.ThrowIfFailed(result, "getrandom");
            }
        }
    }
}
