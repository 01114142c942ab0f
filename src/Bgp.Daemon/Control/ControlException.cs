namespace Bgp.Daemon;

/// <summary>A request that cannot be served: the HTTP status and one line for whoever asked.</summary>
internal sealed class ControlException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
