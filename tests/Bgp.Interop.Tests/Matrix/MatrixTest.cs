using System.Reflection;

namespace Bgp.Interop.Tests;

/// <summary>A test, and the peers that it runs with for a need.</summary>
internal sealed record MatrixTest(Type Fixture, string Method, IReadOnlyList<PeerKind> Peers)
{
    /// <summary>A test whose peers are those that can do what it needs.</summary>
    public static MatrixTest Of<TFixture>(string method, PeerNeed need) => new(typeof(TFixture), method, [.. PeersOf(typeof(TFixture).GetMethod(method), need)]);

    private static IEnumerable<PeerKind> PeersOf(MethodInfo? method, PeerNeed need) => (method?.GetParameters() ?? [])
        .Where(parameter => parameter.GetCustomAttribute<PeersThatAttribute>()?.Need == need)
        .SelectMany(_ => Enum.GetValues<PeerKind>().Where(kind => PeerLimits.Can(kind, need)));
}
