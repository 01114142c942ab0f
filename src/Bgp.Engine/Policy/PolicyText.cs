using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Bgp.Engine;

/// <summary>Writes compiled rules as text of which equal rules have the same and different ones another: the key by which programs are shared.</summary>
internal static class PolicyText
{
    public static string Of(ImmutableArray<CompiledRule> rules, bool isImport)
    {
        var text = new StringBuilder(isImport ? "import\n" : "export\n");
        foreach (var rule in rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"{rule.Family};{rule.Action};{rule.NextPolicy};");
            Add(text, "prefix", rule.Prefixes?.Tests ?? default);
            Add(text, rule.Test?.Match);
            Add(text, rule.Changes);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, RouteMatch? match)
    {
        if (match is null)
        {
            return;
        }

        Add(text, "from", match.From == default ? null : match.From);
        Add(text, "to", match.To == default ? null : match.To);
        Add(text, "nextHop", match.NextHops);
        Add(text, "communities", match.Communities);
        Add(text, "large", match.LargeCommunities);
        Add(text, "extended", match.ExtendedCommunities);
        Add(text, "path", match.AsPath);
        Add(text, "pathPrefix", match.AsPathPrefix);
        Add(text, "pathLength", match.AsPathLength);
        Add(text, "origin", match.OriginAs);
        Add(text, "localPref", match.LocalPref);
        Add(text, "med", match.Med);
        Add(text, "kernelMetric", match.KernelMetric);
    }

    private static void Add(StringBuilder text, RouteChanges? changes)
    {
        if (changes is null)
        {
            return;
        }

        text.Append("set ");
        Add(text, "localPref", changes.LocalPref);
        Add(text, "med", changes.Med);
        Add(text, "origin", changes.Origin);
        Add(text, "nextHop", changes.NextHop);
        Add(text, "communities", changes.Communities);
        Add(text, "+communities", changes.AddCommunities);
        Add(text, "-communities", changes.RemoveCommunities);
        Add(text, "large", changes.LargeCommunities);
        Add(text, "+large", changes.AddLargeCommunities);
        Add(text, "-large", changes.RemoveLargeCommunities);
        Add(text, "extended", changes.ExtendedCommunities);
        Add(text, "+extended", changes.AddExtendedCommunities);
        Add(text, "-extended", changes.RemoveExtendedCommunities);
        Add(text, "prepend", changes.Prepend);
        Add(text, "weight", changes.Weight);
        Add(text, "ecmpWeight", changes.EcmpWeight);
        Add(text, "kernelMetric", changes.KernelMetric);
        Add(text, "blackhole", changes.Blackhole);
    }

    private static void Add(StringBuilder text, string name, object? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {value};");
        }
    }

    private static void Add<T>(StringBuilder text, string name, ImmutableArray<T> values)
    {
        if (!values.IsDefault)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} [{string.Join(',', values)}];");
        }
    }
}
