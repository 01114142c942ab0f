namespace Bgp.Load;

/// <summary>Finds the programs of the peers, which are outside of the search path of some shells.</summary>
internal static class Programs
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/usr/lib/frr", "/usr/local/sbin", "/usr/local/bin"];

    /// <summary>The path of a program below a root folder.</summary>
    /// <param name="root">The folder; empty for this machine.</param>
    /// <param name="program">Its name.</param>
    /// <param name="folder">Where it is, when that is no folder of programs, or one of two of the same name.</param>
    /// <exception cref="LoadException">It is not there.</exception>
    public static string Find(string root, string program, string? folder) =>
        (folder is null ? Folders : [folder]).Select(place => Path.Combine(place, program)).FirstOrDefault(path => File.Exists(root + path))
        ?? throw new LoadException(RunOutcome.Failed, $"{program} is not installed");
}
