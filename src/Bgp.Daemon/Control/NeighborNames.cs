using Bgp.Engine;
using Microsoft.AspNetCore.Http;

namespace Bgp.Daemon;

/// <summary>Finds the neighbors that an operator means.</summary>
internal static class NeighborNames
{
    /// <summary>By address (with the zone of a link-local one, in any spelling) by configured name, or by the interface that it is configured by; several when they differ by port only.</summary>
    /// <exception cref="ControlException">There is none.</exception>
    public static IReadOnlyList<PeerStatus> Find(IReadOnlyList<PeerStatus> peers, string name)
    {
        var wanted = Canonical(name);
        var found = peers.Where(peer => peer.Config.Key.ToString() == wanted).ToList();
        if (found.Count == 0)
        {
            found = [.. peers.Where(peer => peer.Config.Name == name || peer.Config.Interface == name)];
        }

        return found.Count > 0 ? found : throw new ControlException(StatusCodes.Status404NotFound, $"there is no neighbor {name}");
    }

    private static string Canonical(string name)
    {
        var zone = name.IndexOf('%', StringComparison.Ordinal);
        var address = zone < 0 ? name : name[..zone];
        return Protocol.IpAddress.TryParse(address, out var parsed) ? parsed + (zone < 0 ? "" : name[zone..]) : name;
    }
}
