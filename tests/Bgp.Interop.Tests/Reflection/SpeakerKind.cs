namespace Bgp.Interop.Tests;

/// <summary>Who can stand anywhere in a reflected network: our daemon, or another implementation that reflects.</summary>
public enum SpeakerKind
{
    Daemon,
    Bird,
    Frr,
    GoBgp,
}
