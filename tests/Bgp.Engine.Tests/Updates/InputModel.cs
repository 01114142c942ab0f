using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>
/// What a peer's Adj-RIB-In must hold after the messages it sent: a dictionary, one message at a time, with RFC 7606's treat-as-withdraw and the stale routes of RFC 7313. It trusts the
/// decoder, which has oracles of its own, and nothing of the engine.
/// </summary>
internal sealed class InputModel(TestPeer peer)
{
    private readonly Dictionary<(AddressFamily Family, IpPrefix Prefix, PathId Path), string> _routes = [];
    private readonly HashSet<(AddressFamily Family, IpPrefix Prefix, PathId Path)> _stale = [];
    private readonly HashSet<AddressFamily> _refreshing = [];
    private readonly byte[] _canonical = new byte[BgpConstants.MaxCanonicalLength];

    /// <summary>Whether a message ended the session: nothing after it counts.</summary>
    public bool IsFatal { get; private set; }

    public IEnumerable<string> Routes(AddressFamily family) =>
        _routes.Where(route => route.Key.Family == family).Select(route => $"{route.Key.Path.Value} {route.Value}").Order(StringComparer.Ordinal);

    public void Clear()
    {
        _routes.Clear();
        _stale.Clear();
        _refreshing.Clear();
        IsFatal = false;
    }

    public void Take(ReadOnlySpan<byte> message)
    {
        var body = message[BgpConstants.HeaderLength..];
        if (IsFatal)
        {
            return;
        }

        if ((MessageType)message[18] == MessageType.RouteRefresh)
        {
            Assert.That(RouteRefreshMessage.TryParse(body, out var refresh, out _), Is.True);
            Refresh(refresh);
            return;
        }

        var profile = peer.FromPeer;
        var update = default(DecodedUpdate);
        UpdateDecoder.Split(body, profile, ref update);
        IsFatal = update.Action >= UpdateErrorAction.DisableFamily
            || !(IsReadable(update.Withdrawn, AddressFamily.Ipv4Unicast) && IsReadable(update.Announced, AddressFamily.Ipv4Unicast)
                && IsReadable(update.UnreachNlri, update.UnreachFamily) && IsReadable(update.ReachNlri, update.ReachFamily));
        if (IsFatal)
        {
            return;
        }

        Withdraw(update.Withdrawn, AddressFamily.Ipv4Unicast);
        Withdraw(update.UnreachNlri, update.UnreachFamily);
        Announce(update, update.Announced, AddressFamily.Ipv4Unicast, useMpNextHop: false);
        Announce(update, update.ReachNlri, update.ReachFamily, useMpNextHop: true);
    }

    private void Refresh(in RouteRefreshMessage refresh)
    {
        var family = refresh.Family;
        if (refresh.Subtype == RouteRefreshSubtype.BeginningOfRefresh && _refreshing.Add(family))
        {
            _stale.UnionWith(_routes.Keys.Where(key => key.Family == family));
        }
        else if (refresh.Subtype == RouteRefreshSubtype.EndOfRefresh && _refreshing.Remove(family))
        {
            foreach (var key in _stale.Where(key => key.Family == family).ToArray())
            {
                _stale.Remove(key);
                _routes.Remove(key);
            }
        }
    }

    private bool IsReadable(ReadOnlySpan<byte> nlri, AddressFamily family) =>
        nlri.IsEmpty || !peer.Families.Contains(family) || NlriReader.IsWellFormed(nlri, family, peer.FromPeer.AddPath(family));

    private void Withdraw(ReadOnlySpan<byte> nlri, AddressFamily family)
    {
        var reader = new NlriReader(nlri, family, peer.FromPeer.AddPath(family));
        while (peer.Families.Contains(family) && reader.TryRead(out var prefix, out var path))
        {
            _routes.Remove((family, prefix, path));
            _stale.Remove((family, prefix, path));
        }
    }

    private void Announce(in DecodedUpdate update, ReadOnlySpan<byte> nlri, AddressFamily family, bool useMpNextHop)
    {
        if (nlri.IsEmpty || IsFatal || !peer.Families.Contains(family))
        {
            return;
        }

        var action = update.Action;
        var written = 0;
        if (action < UpdateErrorAction.TreatAsWithdraw)
        {
            action = UpdateDecoder.Canonicalize(update.AttributeBytes, peer.FromPeer, useMpNextHop, update.ReachNextHop, _canonical, out written, out _, out _);
        }

        if (action >= UpdateErrorAction.TreatAsWithdraw)
        {
            IsFatal = action == UpdateErrorAction.SessionReset;
            Withdraw(nlri, family);
            return;
        }

        var reader = new NlriReader(nlri, family, peer.FromPeer.AddPath(family));
        while (reader.TryRead(out var prefix, out var path))
        {
            _routes[(family, prefix, path)] = RouteWords.Of(prefix, _canonical.AsSpan(0, written));
            _stale.Remove((family, prefix, path));
        }
    }
}
