using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Tests of a prefix of which any may hold. A few are tried one by one; of many those that cover a prefix are found in a trie.</summary>
internal sealed class PrefixTests
{
    private const int Few = 8;

    private readonly ImmutableArray<PrefixMatch> _tests;
    private readonly PrefixTrie<List<PrefixMatch>>? _ipv4;
    private readonly PrefixTrie<List<PrefixMatch>>? _ipv6;

    public PrefixTests(ImmutableArray<PrefixMatch> tests)
    {
        _tests = tests;
        if (tests.Length <= Few || tests.Any(static test => test.Operator is PrefixOperator.NotIn or PrefixOperator.NotEqual))
        {
            return;
        }

        (_ipv4, _ipv6) = (new(), new());
        foreach (var test in tests)
        {
            (test.Prefix.Address.IsV4 ? _ipv4 : _ipv6).GetOrAdd(test.Prefix, static () => []).Add(test);
        }
    }

    public ImmutableArray<PrefixMatch> Tests => _tests;

    public bool Matches(in IpPrefix prefix)
    {
        if ((prefix.Address.IsV4 ? _ipv4 : _ipv6) is { } trie)
        {
            return trie.AnyCovering(prefix, static (List<PrefixMatch> tests, in IpPrefix candidate) => Any(tests, candidate));
        }

        foreach (ref readonly var test in _tests.AsSpan())
        {
            if (test.Matches(prefix))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Any(List<PrefixMatch> tests, in IpPrefix prefix)
    {
        foreach (var test in tests)
        {
            if (test.Matches(prefix))
            {
                return true;
            }
        }

        return false;
    }
}
