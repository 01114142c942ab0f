namespace Bgp.Config;

/// <summary>The section <c>peerGroups</c>; leaves the groups in the context for the neighbors that are bound after it.</summary>
internal sealed class PeerGroupsKind() : NamedMapKind<PeerSettings>("peer group", new RecordKind<PeerSettings>(PeerTable.Table))
{
    public override string Expects => "a map from the name of a peer group to its fields";

    /// <summary>The fields are described once, with the neighbors.</summary>
    public override IEnumerable<SchemaRow> Describe(string path) => [];

    protected override void Note(BindContext context, string name, PeerSettings element) => context.Groups[name] = element;
}
