using System.Collections.Immutable;
using System.Globalization;

namespace Bgp.Daemon;

/// <summary>How far a router is: its sessions, the routes in its kernel, and what is missing, in words.</summary>
internal sealed record LabRouterStatus(string Router, int Established, int Sessions, int Routes, int ExpectedRoutes, ImmutableArray<string> Missing)
{
    public bool IsComplete => Missing.IsEmpty;

    /// <summary>Of the routes, in words.</summary>
    public string RoutesInKernel => ExpectedRoutes == 0 ? "no" : string.Create(CultureInfo.InvariantCulture, $"{Routes} of {ExpectedRoutes}");
}
