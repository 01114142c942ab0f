namespace Bgp.Interop.Tests;

/// <summary>Of a route, and of the connection that a session runs over.</summary>
public enum Family
{
    IPv4,
    IPv6,
}
