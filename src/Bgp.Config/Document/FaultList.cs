using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>
/// Collects every fault of one file, so that a user mends a file once and not fault by fault. Remembers what could not be read for it: what must hold between fields is
/// asked only of those that were read, however much is wrong beside them.
/// </summary>
internal sealed class FaultList(string file)
{
    private readonly List<ConfigFault> _faults = [];

    /// <summary>The paths of what could not be read.</summary>
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    /// <summary>The paths of all that has something unread inside, and of that itself.</summary>
    private readonly HashSet<string> _incomplete = new(StringComparer.Ordinal);

    public int Count => _faults.Count;

    /// <summary>Grows with every fault by which something is unread.</summary>
    public int UnreadCount { get; private set; }

    /// <summary>A fault by which the value of a node is not known.</summary>
    public void Add(ConfigNode node, string message) => Add(node.At, node.Path, message);

    /// <inheritdoc cref="Add(ConfigNode, string)"/>
    public void Add(Position at, string path, string message)
    {
        AddBeside(at, path, message);
        UnreadCount++;
        MarkUnread(path);
    }

    /// <summary>A fault that leaves all values known: a key that is no field, or fields that do not go together.</summary>
    public void AddBeside(Position at, string path, string message) => _faults.Add(new ConfigFault(file, at.Line, at.Column, path, message));

    /// <summary>Says that the value of a field is not known, for a reason that is reported elsewhere.</summary>
    public void MarkUnread(string path)
    {
        _unread.Add(path);
        foreach (var outer in Outward(path))
        {
            _incomplete.Add(outer);
        }
    }

    /// <summary>Whether a field, with all inside and around it, was read or is not in the file at all.</summary>
    public bool IsSound(string path) => _faults.Count == 0 || (!_incomplete.Contains(path) && !Outward(path).Any(_unread.Contains));

    /// <summary>The faults in the order of the file.</summary>
    public ImmutableArray<ConfigFault> InOrder() => [.. _faults.OrderBy(static fault => fault.Line).ThenBy(static fault => fault.Column)];

    /// <summary>The path, and those of all that it is in but the root.</summary>
    private static IEnumerable<string> Outward(string path)
    {
        for (var length = path.Length; length > 0; length = path.AsSpan(0, length).LastIndexOfAny('.', '['))
        {
            yield return path[..length];
        }
    }
}
