using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>Collects every fault of one file, so that a user mends a file once and not fault by fault.</summary>
internal sealed class FaultList(string file)
{
    private readonly List<ConfigFault> _faults = [];

    public int Count => _faults.Count;

    public void Add(ConfigNode node, string message) => Add(node.At, node.Path, message);

    public void Add(Position at, string path, string message) => _faults.Add(new ConfigFault(file, at.Line, at.Column, path, message));

    /// <summary>The faults in the order of the file.</summary>
    public ImmutableArray<ConfigFault> InOrder() => [.. _faults.OrderBy(static fault => fault.Line).ThenBy(static fault => fault.Column)];
}
