using Bgp.Engine;

namespace Bgp.Config;

/// <summary>
/// A rule of a policy: when all of <see cref="Match"/> holds, <see cref="Set"/> applies and <see cref="Action"/> decides.
/// </summary>
public sealed record RoutePolicyRule
{
    public PolicyMatch Match { get; init; } = new();

    public PolicySet Set { get; init; } = new();

    public PolicyAction Action { get; init; }
}
