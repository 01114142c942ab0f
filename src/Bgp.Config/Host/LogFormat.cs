namespace Bgp.Config;

/// <summary>How log lines look.</summary>
public enum LogFormat : byte
{
    Text,
    Json,
}
