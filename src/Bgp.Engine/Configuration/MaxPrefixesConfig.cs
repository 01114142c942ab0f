namespace Bgp.Engine;

/// <summary>A bound on the routes of a family that a neighbor may have announced at a time, rejected ones included.</summary>
/// <param name="Limit">0 is none.</param>
/// <param name="Action">What happens when there are more.</param>
/// <param name="RestartAfter">How long <see cref="MaxPrefixesAction.Restart"/> waits.</param>
public readonly record struct MaxPrefixesConfig(int Limit, MaxPrefixesAction Action, TimeSpan RestartAfter);
