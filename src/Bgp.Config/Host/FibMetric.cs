namespace Bgp.Config;

/// <summary>The kernel metric of installed routes: a number, or <c>null</c> for 2147483647 − LOCAL_PREF.</summary>
public readonly record struct FibMetric(uint? Value)
{
    public static readonly FibMetric ComplementOfLocalPref;
}
