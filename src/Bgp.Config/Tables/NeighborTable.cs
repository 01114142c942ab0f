namespace Bgp.Config;

/// <summary>A neighbor's fields: who it is, and then all that a group can say too.</summary>
internal static class NeighborTable
{
    public static readonly SchemaTable<Neighbor> Table = new(
        "a neighbor",
        new Neighbor(),
        [
            new Field<Neighbor, ScopedAddress?>(
                "address", new OptionalValueKind<ScopedAddress>(PeerKinds.NeighborAddress), n => n.Address, (n, v) => n with { Address = v })
            {
                Reload = ReloadClass.Reset, DefaultText = "required, or `interface`", Summary = "The neighbor's address; an IPv6 link-local one with our interface, as in `fe80::1%eth0`.",
            },
            new Field<Neighbor, string?>(
                "interface", new OptionalKind<string>(Kinds.InterfaceName), n => n.Interface, (n, v) => n with { Interface = v })
            {
                Reload = ReloadClass.Reset, Summary = "Instead of an address: the neighbor on the other end of this interface (unnumbered), by default with both families.",
            },
            new Field<Neighbor, string?>("group", new OptionalKind<string>(Kinds.Name), n => n.Group, (n, v) => n with { Group = v })
            {
                Reload = ReloadClass.None, Summary = "A peer group, whose fields hold where the neighbor does not give them itself.",
            },
            new Field<Neighbor, string?>("name", new OptionalKind<string>(Kinds.Name), n => n.Name, (n, v) => n with { Name = v })
            {
                Reload = ReloadClass.None, Summary = "A name for people and logs.",
            },
            .. PeerTable.Table.Fields.Select(static field => new LiftedField<Neighbor, PeerSettings>(field, static n => n.Settings, static (n, v) => n with { Settings = v })),
        ]);

    public static readonly ValueKind<EquatableArray<Neighbor>> Neighbors = new ListKind<Neighbor>(new NeighborKind(), static neighbor => neighbor.Identity, IsIdentified);

    public static readonly SchemaTable<DynamicNeighbors> DynamicTable = new(
        "a range of dynamic neighbors",
        new DynamicNeighbors(),
        [
            new Field<DynamicNeighbors, Protocol.IpPrefix>("prefix", NetworkKinds.Prefix, d => d.Prefix, (d, v) => d with { Prefix = v })
            {
                Required = true, Reload = ReloadClass.Reset, Summary = "Where the neighbors may be. Where ranges overlap the longest prefix holds; a configured neighbor's address is nobody else's.",
            },
            new Field<DynamicNeighbors, string>("group", Kinds.Name, d => d.Group, (d, v) => d with { Group = v })
            {
                Required = true, Reload = ReloadClass.None, Summary = "The peer group that they take their fields from; `passive` is always so. A change counts as one of each neighbor's own.",
            },
            new Field<DynamicNeighbors, int>("limit", Kinds.Int(1, 100_000), d => d.Limit, (d, v) => d with { Limit = v })
            {
                Reload = ReloadClass.None, Summary = "How many of them at most; more are refused with Cease, Connection Rejected. A lower limit ends no session.",
            },
        ]);

    public static readonly ValueKind<EquatableArray<DynamicNeighbors>> Dynamic = new ListKind<DynamicNeighbors>(
        new DynamicNeighborsKind(DynamicTable), static range => range.Prefix.ToString(), static (node, context) => node is MapNode map && context.Faults.IsSound($"{map.Path}.prefix"));

    /// <summary>Whether what no two neighbors share could be read.</summary>
    private static bool IsIdentified(ConfigNode node, BindContext context) => node is MapNode map && new PeerFields(map, context).AreSound("address", "interface", "port");

    /// <summary>What must hold between the fields of a neighbor, with its group's merged in. A rule is asked where the fields that it looks at could be read.</summary>
    public static void Check(Neighbor neighbor, PeerFields fields, BindContext context)
    {
        var settings = neighbor.Settings;
        if (neighbor.Address is null == neighbor.Interface is null && fields.AreSound("address", "interface"))
        {
            Lacks("address", neighbor.Address is null ? "is missing; a neighbor needs it, or an interface" : "is given beside interface; leave out one of them");
        }

        if (settings.Asn is null && fields.AreSound("asn"))
        {
            Lacks("asn", "is missing; a neighbor or its group needs it");
        }

        if (settings.Keepalive is { } keepalive && keepalive >= settings.HoldTime)
        {
            fields.Report("keepalive", settings.HoldTime == TimeSpan.Zero
                ? "is given, but with holdTime 0s no keepalives are sent; leave it out"
                : $"is {DurationKind.Print(keepalive)}, which is not less than holdTime {DurationKind.Print(settings.HoldTime)}; write at most a third of it", "holdTime");
        }

        if (settings.SendHoldTime is { } sendHoldTime && sendHoldTime != TimeSpan.Zero && sendHoldTime <= settings.HoldTime)
        {
            fields.Report("sendHoldTime", $"is {DurationKind.Print(sendHoldTime)}, which is not more than holdTime {DurationKind.Print(settings.HoldTime)} (RFC 9687); write more, or 0s for none", "holdTime");
        }

        if (settings.LocalAsn is not null && settings.Asn == RemoteAs.Internal)
        {
            fields.Report("localAsn", "is given for a neighbor of our own AS; write its number or external as asn, or leave localAsn out", "asn");
        }

        if (settings.TtlSecurity is not null && settings.Multihop is not null)
        {
            fields.Report("ttlSecurity", "is given together with multihop; write ttlSecurity: HOPS alone", "multihop");
        }

        if (settings.Password is not null && settings.PasswordFile is not null)
        {
            fields.Report("passwordFile", "is given together with password; leave out one of them", "password");
        }

        if (settings.Multihop is not null && neighbor.Interface is not null)
        {
            fields.Report("multihop", "is given for a neighbor on an interface, which is on the same link; leave it out", "interface");
        }

        if (settings.LocalAddress is { IsLinkLocal: false } own && neighbor.Interface is not null)
        {
            fields.Report("localAddress", $"is {own}, but with a neighbor on an interface we speak from a link-local address; leave it out", "interface");
        }

        if (settings.LocalAddress is { } local && neighbor.Address is { Address: var remote } && local.IsV4 != remote.IsV4)
        {
            fields.Report("localAddress", $"is {local}, but the neighbor's address {remote} is of the other family; write one of the same family", "address");
        }

        // Without it nothing else can be said of the neighbor that hangs on it.
        void Lacks(string field, string message) =>
            context.Faults.Add((fields.Map.Find(field) ?? fields.Map).At, ConfigNode.Join(fields.Map.Path, field), message);
    }
}
