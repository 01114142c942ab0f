namespace Bgp.Interop.Tests;

/// <summary>Who stands in the middle of a topology.</summary>
public enum SubjectKind
{
    /// <summary>Our daemon.</summary>
    Daemon,

    /// <summary>The control: a BIRD among BIRDs has to meet the same expectations, else they are wrong, not we.</summary>
    Bird,
}
