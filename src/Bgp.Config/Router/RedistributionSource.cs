namespace Bgp.Config;

/// <summary>Where redistributed routes come from.</summary>
public enum RedistributionSource : byte
{
    Connected,
    Kernel,
}
