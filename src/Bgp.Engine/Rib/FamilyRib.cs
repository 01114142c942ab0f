using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>One family of the route engine as the engine sees it, whatever the width of its keys.</summary>
internal abstract class FamilyRib : IDisposable
{
    public abstract AddressFamily Family { get; }

    public abstract int PrefixCount { get; }

    public abstract int PathCount { get; }

    /// <summary>Destinations that wait for export.</summary>
    public abstract int DirtyCount { get; }

    public abstract bool HasWork { get; }

    /// <summary>Takes the routes of one UPDATE field. The NLRI is well formed. Returns how many destinations were visited.</summary>
    /// <param name="slot">Whose UPDATE it is.</param>
    /// <param name="family">The session's state of the family.</param>
    /// <param name="nlri">The field.</param>
    /// <param name="attributes">Their set.</param>
    /// <param name="reason">Why they are of no use, where that is known already.</param>
    /// <param name="scouted">What <see cref="Scout"/> made of just this field; default where it was not scouted.</param>
    public abstract int Announce(PeerSlot slot, PeerFamily family, ReadOnlySpan<byte> nlri, uint attributes, PathReason reason, Scouted scouted);

    /// <summary>Reads the prefixes of a field that is to be announced soon, and has the processor fetch where they stand in the table. Default where they are malformed or too many.</summary>
    public abstract Scouted Scout(PeerFamily family, ReadOnlySpan<byte> nlri);

    /// <summary>Has it fetch what stands there, once for all that was scouted.</summary>
    public abstract void ReachScouted();

    public abstract void ForgetScouted();

    public abstract int Withdraw(PeerSlot slot, PeerFamily family, ReadOnlySpan<byte> nlri);

    /// <summary>Adds or replaces one route that the speaker itself originates.</summary>
    public abstract void Originate(in IpPrefix prefix, uint attributes);

    public abstract void Unoriginate(in IpPrefix prefix);

    /// <summary>The prefix's forwarding or announcement may have changed though its paths did not.</summary>
    public abstract void Touch(in IpPrefix prefix);

    /// <summary>Reconciles the aggregates of this family with the configuration's. Who contributes is found out by a walk.</summary>
    public abstract void Aggregate(ImmutableArray<AggregateConfig> wanted);

    /// <summary>The default routes that groups are sent may be due, or due no more.</summary>
    public abstract void ReviewDefaults();

    /// <summary>Whether the Loc-RIB has a best route of exactly this prefix.</summary>
    public abstract bool HasBest(in IpPrefix prefix);

    public abstract void PeerUp(PeerSlot slot, PeerFamily family, in UpdateGroupKey key);

    /// <summary>The group that the member belongs to may have another key now: it moves, and is brought up to date there.</summary>
    public abstract void Regroup(PeerSlot slot, in UpdateGroupKey key);

    /// <summary>The session is over: it leaves its group, and its paths go in a walk.</summary>
    public abstract void PeerDown(PeerSlot slot, PeerFamily family);

    /// <summary>Sends the member all its routes again, framed by BoRR and EoRR where that was negotiated (RFC 2918, RFC 7313).</summary>
    public abstract void Refresh(PeerSlot slot);

    /// <summary>A refresh of the peer begins: what it announces from here on is fresh. False while too many of its refreshes are still being swept.</summary>
    public abstract bool TryBeginRefresh(PeerSlot slot, PeerFamily family);

    /// <summary>The peer's own refresh is over: what it did not announce again goes (RFC 7313 §4.2).</summary>
    public abstract void SweepRefresh(PeerSlot slot, PeerFamily family);

    /// <summary>Import policy or the loop checks changed: all paths of the session are judged again.</summary>
    public abstract void Reimport(PeerSlot slot);

    /// <summary>Where the session's routes may go changed, or what becomes of them there: what it has paths of is exported again.</summary>
    public abstract void Reexport(PeerSlot slot);

    /// <summary>The decision's inputs changed for the destinations that use these next hops; <c>null</c>: for all.</summary>
    public abstract void Redecide(IReadOnlyCollection<int>? nextHops);

    /// <summary>The longest prefix of at most <paramref name="longest"/> bits that has a best route and covers an address; <c>null</c> where there is none.</summary>
    public abstract IpPrefix? MatchBest(in IpAddress address, int longest);

    /// <summary>Where a prefix's best route leads, and at what cost its next hop is reached; <c>null</c> where the kernel is given no route for it.</summary>
    public abstract Forwarding? WayOf(in IpPrefix prefix, out uint metric);

    /// <summary>Appends the next hops of all paths of a prefix, the best or not.</summary>
    public abstract void AddNextHops(in IpPrefix prefix, List<int> nextHops);

    /// <summary>A transmitter sent more of its cursor, or closed it.</summary>
    public abstract void Sent(OutputCursor cursor);

    /// <summary>Does a bounded amount of what waits.</summary>
    public abstract void Work();

    public abstract int ReadSlice(RouteQuery query, int cursor, int max, List<RouteView> into);

    /// <summary>Whether a member of a session that is over still reads: its slot number must not be given out again.</summary>
    public abstract bool Knows(ushort slot);

    public abstract int AdvertisedTo(PeerSlot slot);

    public abstract void Dispose();
}

/// <summary>Prefixes that <see cref="FamilyRib.Scout"/> has read ahead: from <paramref name="Begin"/>, so many.</summary>
internal readonly record struct Scouted(int Begin, int Count);
