namespace Bgp.Config;

/// <summary>How a neighbor's AS is given.</summary>
public enum RemoteAsKind : byte
{
    Number,
    External,
    Internal,
}
