namespace Bgp.Interop.Tests;

public enum SessionType
{
    Ebgp,
    Ibgp,
}
