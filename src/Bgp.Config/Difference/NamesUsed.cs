namespace Bgp.Config;

/// <summary>Which sets a policy names. Found by reading again what is printed of it, so that no field of a rule has to be known here.</summary>
internal static class NamesUsed
{
    public static HashSet<string> By(Named<EquatableArray<RoutePolicyRule>> policy)
    {
        var context = new BindContext(new FaultList(""), "");
        PolicyTables.Policies.TryRead(PolicyTables.Policies.Write([policy], WriteContext.Defaults), context, out _);
        return
        [
            .. context.Uses.Where(static use => use.Space != NameSpace.Policy)
                .Select(static use => $"sets.{(use.Space == NameSpace.PrefixSet ? "prefixes" : "communities")}.{use.Name}"),
        ];
    }
}
