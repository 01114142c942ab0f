namespace Bgp.Linux;

/// <summary>The folder of named namespaces, made as iproute2 makes it: a shared mount on itself, so that names appear in every mount namespace.</summary>
internal static class NamespaceFolder
{
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Prepare()
    {
        Directory.CreateDirectory(NetworkNamespace.Folder);

        // Two makers at a time would mount one over the other's names; iproute2 takes the same lock.
        using var folder = Libc.OpenFile(NetworkNamespace.Folder, Libc.OpenReadOnly);
        LinuxException.ThrowIfFailed(Libc.Lock(folder, Libc.LockExclusive), $"lock {NetworkNamespace.Folder}");
        if (Share() == 0)
        {
            return;
        }

        if (Libc.LastError != Errno.EINVAL)
        {
            throw new LinuxException($"share {NetworkNamespace.Folder}", Libc.LastError);
        }

        // EINVAL: it is no mount yet.
        var mounted = Libc.Mount(NetworkNamespace.Folder, NetworkNamespace.Folder, "none", Libc.MountBind | Libc.MountRecursive, 0);
        LinuxException.ThrowIfFailed(mounted, $"mount {NetworkNamespace.Folder}");
        LinuxException.ThrowIfFailed(Share(), $"share {NetworkNamespace.Folder}");
    }

    private static int Share() => Libc.Mount("", NetworkNamespace.Folder, "none", Libc.MountShared | Libc.MountRecursive, 0);
}
