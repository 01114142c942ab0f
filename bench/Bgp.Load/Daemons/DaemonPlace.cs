using Bgp.Linux;

namespace Bgp.Load;

/// <summary>Where a daemon runs.</summary>
/// <param name="Space">Its namespace.</param>
/// <param name="Folder">Its files, below the root where it has one.</param>
/// <param name="Root">Another Debian's root folder that it sees as its own; empty for this machine's.</param>
internal sealed record DaemonPlace(NetworkNamespace Space, string Folder, string Root)
{
    /// <summary>The folder as the daemon sees it.</summary>
    public string FolderInside => Folder[Root.Length..];

    /// <summary>The command that starts a program.</summary>
    public IReadOnlyList<string> Command(string program) => Root.Length == 0 ? [program] : ["chroot", Root, program];
}
