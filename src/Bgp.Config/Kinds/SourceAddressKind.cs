namespace Bgp.Config;

/// <summary>One address, or one of each family as <c>{ipv4: …, ipv6: …}</c>.</summary>
internal sealed class SourceAddressKind : ValueKind<AddressPair>
{
    public override string Expects => "an IPv4 or IPv6 address, or {ipv4: ADDRESS, ipv6: ADDRESS}";

    public override bool TryRead(ConfigNode node, BindContext context, out AddressPair value)
    {
        value = new AddressPair();
        if (node.IsNull)
        {
            return true;
        }

        if (node is MapNode)
        {
            return CommonTables.AddressPairKind.TryRead(node, context, out value);
        }

        if (!NetworkKinds.Address.TryRead(node, context, out var address))
        {
            return false;
        }

        value = address.IsV4 ? new AddressPair { Ipv4 = address } : new AddressPair { Ipv6 = address };
        return true;
    }

    public override ConfigNode Write(AddressPair value, WriteContext context) => value switch
    {
        { Ipv4: { } address, Ipv6: null } => NetworkKinds.Address.Write(address, context),
        { Ipv4: null, Ipv6: { } address } => NetworkKinds.Address.Write(address, context),
        { Ipv4: null, Ipv6: null } => ScalarNode.Null,
        _ => CommonTables.AddressPairKind.Write(value, context),
    };
}
