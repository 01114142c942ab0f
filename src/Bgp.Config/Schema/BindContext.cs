namespace Bgp.Config;

/// <summary>What a name in the file may stand for.</summary>
internal enum NameSpace : byte
{
    Policy,
    PrefixSet,
    CommunitySet,

    /// <summary>A set of communities without wildcards.</summary>
    ExactCommunitySet,
}

/// <summary>
/// What one binding of a document carries along: the faults, the peer groups read so far (neighbors take their fields), the neighbors and ranges and the names that
/// were used (checked at the end, when all definitions are known) and the folder that file names are relative to.
/// </summary>
internal sealed class BindContext(FaultList faults, string folder)
{
    public FaultList Faults { get; } = faults;

    public string Folder { get; } = folder;

    /// <summary>The peer groups by name; a faulty one is there too, so that its users are not faulted for it again.</summary>
    public Dictionary<string, PeerSettings> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Every neighbor, a faulty one with what could be read of it.</summary>
    public List<(Neighbor Neighbor, PeerFields Fields)> Neighbors { get; } = [];

    /// <summary>Every range of dynamic neighbors whose prefix and group are known.</summary>
    public List<(DynamicNeighbors Range, PeerFields Fields)> Ranges { get; } = [];

    /// <summary>Every use of a name that something else has to define.</summary>
    public List<(NameSpace Space, string Name, ConfigNode Node)> Uses { get; } = [];

    /// <summary>A context whose faults and names are thrown away: for values that are refused whatever they say.</summary>
    public BindContext Scratch() => new(new FaultList(""), Folder);
}
