namespace Bgp.Config;

/// <summary>The least level that is logged.</summary>
public enum LogVerbosity : byte
{
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}
