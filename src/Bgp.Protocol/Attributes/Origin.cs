namespace Bgp.Protocol;

/// <summary>The value of ORIGIN (RFC 4271 §4.3); the lower is preferred.</summary>
public enum Origin : byte
{
    Igp = 0,
    Egp = 1,
    Incomplete = 2,
}
