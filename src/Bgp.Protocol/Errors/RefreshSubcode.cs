namespace Bgp.Protocol;

/// <summary>ROUTE-REFRESH Message Error subcodes (RFC 7313 §5).</summary>
public enum RefreshSubcode : byte
{
    InvalidMessageLength = 1,
}
