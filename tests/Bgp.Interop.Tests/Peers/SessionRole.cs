namespace Bgp.Interop.Tests;

/// <summary>A side's role on a session (RFC 9234 §4.1).</summary>
public enum SessionRole
{
    Provider,
    Customer,
}
