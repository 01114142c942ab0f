using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The kinds of values that are communities: exact ones to set, patterns to match and to remove, and the names of sets.</summary>
internal static class CommunityKinds
{
    /// <summary>What a mistyped name may have been meant to be.</summary>
    public static readonly ImmutableArray<string> WellKnownNames =
    [
        .. new[]
        {
            Communities.GracefulShutdown, Communities.AcceptOwn, Communities.LlgrStale, Communities.NoLlgr, Communities.Blackhole, Communities.NoExport, Communities.NoAdvertise,
            Communities.NoExportSubconfed, Communities.NoPeer,
        }.Select(static community => community.ToString()),
    ];

    private const string Wildcard = "has a wildcard, but a route can only be given whole numbers";

    /// <summary>A member of a set.</summary>
    public static readonly ValueKind<CommunityPattern> Pattern = new ScalarKind<CommunityPattern>(
        "a community such as 64512:1, 64512:* or NO_EXPORT",
        static (ScalarNode node, out CommunityPattern value) => CommunityPattern.TryParse(node.Text, out value) ? null : "",
        static pattern => ScalarNode.String(pattern.ToString()));

    /// <summary>What a route may have.</summary>
    public static readonly ValueKind<CommunityTerm> Term = new CommunityTermKind(NameSpace.CommunitySet, $"{Pattern.Expects}, or the name of a set of them", allowsWildcards: true);

    /// <summary>What a route is given.</summary>
    public static readonly ValueKind<CommunityTerm> ExactTerm = new CommunityTermKind(
        NameSpace.ExactCommunitySet, "a community such as 64512:1 or NO_EXPORT, or the name of a set of them", allowsWildcards: false);

    public static readonly ValueKind<LargeCommunityPattern> LargePattern = new ScalarKind<LargeCommunityPattern>(
        "a large community such as 64512:1:2 or 64512:*:*",
        static (ScalarNode node, out LargeCommunityPattern value) => LargeCommunityPattern.TryParse(node.Text, out value) ? null : "",
        static pattern => ScalarNode.String(pattern.ToString()));

    public static readonly ValueKind<LargeCommunity> Large = new ScalarKind<LargeCommunity>(
        "a large community such as 64512:1:2",
        static (ScalarNode node, out LargeCommunity value) => LargeCommunity.TryParse(node.Text, out value) ? null : LargeCommunityPattern.TryParse(node.Text, out _) ? Wildcard : "",
        static community => ScalarNode.String(community.ToString()));

    public static readonly ValueKind<ExtendedCommunityPattern> ExtendedPattern = new ScalarKind<ExtendedCommunityPattern>(
        "an extended community such as rt:64512:1, soo:192.0.2.1:1, rt:64512:*, rt:*:* or 0x0002fc0000000001",
        static (ScalarNode node, out ExtendedCommunityPattern value) => ExtendedCommunityPattern.TryParse(node.Text, out value) ? null : "",
        static pattern => ScalarNode.String(pattern.ToString()));

    public static readonly ValueKind<ExtendedCommunity> Extended = new ScalarKind<ExtendedCommunity>(
        "an extended community such as rt:64512:1, soo:192.0.2.1:1 or 0x0002fc0000000001",
        static (ScalarNode node, out ExtendedCommunity value) => ExtendedCommunity.TryParse(node.Text, out value) ? null : ExtendedCommunityPattern.TryParse(node.Text, out _) ? Wildcard : "",
        static community => ScalarNode.String(community.ToString()));

    public static bool IsExact(CommunityPattern pattern) => pattern.Mask == uint.MaxValue;

    /// <summary>Whether a text is, or was meant to be, a community; no set may be called so.</summary>
    public static bool IsCommunityText(string text) =>
        CommunityPattern.TryParse(text, out _) || (text.Contains(':', StringComparison.Ordinal) && text.All(static character => char.IsAsciiDigit(character) || character is ':' or '*'));

    /// <summary>A community, or a name, which is noted and checked when the whole file is read.</summary>
    private sealed class CommunityTermKind(NameSpace space, string expects, bool allowsWildcards) : ValueKind<CommunityTerm>
    {
        private readonly ReferenceKind _name = new(space, expects);

        public override string Expects => expects;

        public override bool TryRead(ConfigNode node, BindContext context, out CommunityTerm value)
        {
            value = default;
            if (node is not ScalarNode scalar || !IsCommunityText(scalar.Text))
            {
                var isName = _name.TryRead(node, context, out var name);
                value = CommunityTerm.InSet(name);
                return isName;
            }

            var isPattern = CommunityPattern.TryParse(scalar.Text, out var pattern);
            if (!isPattern || (!allowsWildcards && !IsExact(pattern)))
            {
                context.Faults.Add(node, $"{(isPattern ? Wildcard : $"is {node.Noun}")}; write {expects}");
                return false;
            }

            value = CommunityTerm.Of(pattern);
            return true;
        }

        public override ConfigNode Write(CommunityTerm value, WriteContext context) => ScalarNode.String(value.Set ?? value.Pattern.ToString());
    }
}
