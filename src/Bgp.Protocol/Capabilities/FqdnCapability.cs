namespace Bgp.Protocol;

/// <summary>The sender's name for people (draft-walton-bgp-hostname-capability): host and domain, each at most 64 octets of UTF-8.</summary>
public sealed record FqdnCapability(string Host, string Domain);
