namespace Bgp.Linux;

/// <summary>The messages of router discovery (RFC 4861).</summary>
public enum RouterMessageKind
{
    None,

    /// <summary>Somebody wants to know the routers of its link.</summary>
    Solicitation,

    /// <summary>A router says that it is there.</summary>
    Advertisement,
}
