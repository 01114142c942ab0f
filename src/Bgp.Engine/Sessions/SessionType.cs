namespace Bgp.Engine;

/// <summary>Where the two ends of a session stand to each other (RFC 4271 §1.1, RFC 5065 §1.2).</summary>
public enum SessionType : byte
{
    /// <summary>iBGP: one AS, in a confederation one member AS.</summary>
    Internal,

    /// <summary>Two member ASes of one confederation: paths are those of another AS, everything else is as within one.</summary>
    Confederation,

    /// <summary>eBGP: another AS, in a confederation one that is not of it.</summary>
    External,
}
