using System.Globalization;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>
/// The name of a running lab: the number and the start time of the process that owns it, so that anyone can tell whether the owner is still there. Namespaces are named
/// <c>bgplab-PID-START-MEMBER</c>, the start time in hexadecimal.
/// </summary>
internal readonly record struct LabName(ProcessIdentity Owner)
{
    private const string Prefix = "bgplab-";

    /// <summary>Only root may write there, so nobody can put something in our way.</summary>
    private const string Parent = "/run";

    public static LabName Current => new(ProcessIdentity.Current);

    /// <summary>The private folder: router files, logs, control sockets.</summary>
    public string Folder => Path.Combine(Parent, ToString());

    public bool IsAlive => Owner.IsAlive;

    /// <summary>The labs of which a namespace or a folder is there, in order.</summary>
    public static IReadOnlyList<LabName> FindAll()
    {
        var names = NetworkNamespace.List();
        var folders = Directory.EnumerateDirectories(Parent, Prefix + "*").Select(Path.GetFileName).OfType<string>();
        return [.. names.Concat(folders).Select(TryParse).OfType<LabName>().Distinct().OrderBy(lab => lab.Owner.Id).ThenBy(lab => lab.Owner.StartTime)];
    }

    public static LabName? TryParse(string text)
    {
        var parts = text.Split('-', 4);
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && parts.Length >= 3
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && ulong.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var start)
                ? new LabName(new ProcessIdentity(id, start))
                : null;
    }

    /// <summary>The namespace of a router, a pod or the segments.</summary>
    public string NamespaceOf(string member) => $"{this}-{member}";

    /// <summary>The members whose namespaces are there, in order.</summary>
    public IReadOnlyList<string> Members()
    {
        var start = $"{this}-";
        return [.. NetworkNamespace.List().Where(name => name.StartsWith(start, StringComparison.Ordinal)).Select(name => name[start.Length..])];
    }

    public string FileOf(string router) => Path.Combine(Folder, $"{router}.yaml");

    public string LogOf(string router) => Path.Combine(Folder, $"{router}.log");

    public string SocketOf(string router) => Path.Combine(Folder, $"{router}.sock");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Owner.Id}-{Owner.StartTime:x}");
}
