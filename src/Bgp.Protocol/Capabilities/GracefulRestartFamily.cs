namespace Bgp.Protocol;

/// <summary>A family of the Graceful Restart capability; <paramref name="ForwardingState"/> is the F bit (RFC 4724 §3).</summary>
public readonly record struct GracefulRestartFamily(AddressFamily Family, bool ForwardingState);
