using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>One UPDATE in: decode, grade its faults (RFC 7606), intern its attributes, check for loops, hand its prefixes to the RIBs.</summary>
public sealed partial class RouteEngine
{
    private int ApplyUpdate(PeerSlot slot, ReadOnlySpan<byte> body, ScoutedMessage scouted)
    {
        var profile = slot.Session!.Receive;
        var update = default(DecodedUpdate);
        UpdateDecoder.Split(body, profile, ref update);
        if (update.Action == UpdateErrorAction.SessionReset)
        {
            Poison(slot, update.Error, update.FaultyAttribute);
            return 0;
        }

        if (update.Action == UpdateErrorAction.DisableFamily)
        {
            // RFC 7606 §2: disabling a family without multisession means ending the session.
            Poison(slot, update.Error, update.FaultyAttribute);
            return 0;
        }

        if (!IsWellFormed(slot, ref update))
        {
            Poison(slot, new BgpError(NotificationCode.UpdateMessageError, (byte)UpdateSubcode.InvalidNetworkField), AttributeType.None);
            return 0;
        }

        if (update.IsEndOfRib(out var endedFamily))
        {
            _context.Effects.Add(new EngineEffect(EngineEffectKind.EndOfRib) { Peer = slot.Peer, Generation = slot.Generation, Family = endedFamily });
            return 0;
        }

        if (update.Action != UpdateErrorAction.None)
        {
            ReportFault(slot, update.Action, update.Error, update.FaultyAttribute);
        }

        var visited = Withdraw(slot, AddressFamily.Ipv4Unicast, update.Withdrawn);
        visited += update.HasUnreach ? Withdraw(slot, update.UnreachFamily, update.UnreachNlri) : 0;
        if (update.HasAnnouncement)
        {
            visited += Announce(slot, profile, ref update, scouted);
        }

        return visited;
    }

    /// <summary>Every prefix is checked before any is applied, so that an UPDATE counts whole or not at all.</summary>
    private static bool IsWellFormed(PeerSlot slot, ref DecodedUpdate update)
    {
        return IsWellFormed(slot, AddressFamily.Ipv4Unicast, update.Withdrawn)
            && IsWellFormed(slot, AddressFamily.Ipv4Unicast, update.Announced)
            && IsWellFormed(slot, update.ReachFamily, update.ReachNlri)
            && IsWellFormed(slot, update.UnreachFamily, update.UnreachNlri);
    }

    private static bool IsWellFormed(PeerSlot slot, AddressFamily family, ReadOnlySpan<byte> nlri) =>
        nlri.IsEmpty || slot.FamilyOf(family) is not { } peerFamily || NlriReader.IsWellFormed(nlri, family, peerFamily.AddPathReceive);

    private int Withdraw(PeerSlot slot, AddressFamily family, ReadOnlySpan<byte> nlri) =>
        !nlri.IsEmpty && slot.FamilyOf(family) is { } peerFamily ? RibOf(family)!.Withdraw(slot, peerFamily, nlri) : 0;

    private int Announce(PeerSlot slot, in CodecProfile profile, ref DecodedUpdate update, ScoutedMessage scouted)
    {
        var isWithdrawal = update.Action >= UpdateErrorAction.TreatAsWithdraw;
        var isClassic = !update.HasReach && !update.HasUnreach;
        var key = isClassic ? update.AttributeBytes : _context.RawKey[..UpdateDecoder.WriteRawKey(update, _context.RawKey)];
        var visited = 0;
        if (!update.Announced.IsEmpty)
        {
            visited += Announce(slot, profile, AddressFamily.Ipv4Unicast, update.Announced, isClassic ? scouted : scouted with { Set = -1 }, key, default, isWithdrawal);
        }

        if (!update.ReachNlri.IsEmpty)
        {
            visited += Announce(slot, profile, update.ReachFamily, update.ReachNlri, ScoutedMessage.None, key, update.ReachNextHop, isWithdrawal);
        }

        return visited;
    }

    private int Announce(
        PeerSlot slot,
        in CodecProfile profile,
        AddressFamily family,
        ReadOnlySpan<byte> nlri,
        ScoutedMessage scouted,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> mpNextHop,
        bool isWithdrawal)
    {
        if (slot.FamilyOf(family) is not { } peerFamily)
        {
            return 0;
        }

        var attributes = isWithdrawal ? 0 : Intern(slot, profile, key, mpNextHop, scouted.Set);
        if (attributes == 0)
        {
            // RFC 7606 §2, treat-as-withdraw: the routes of the UPDATE are handled as though it withdrew them.
            return RibOf(family)!.Withdraw(slot, peerFamily, nlri);
        }

        var visited = RibOf(family)!.Announce(slot, peerFamily, nlri, attributes, slot.Loops.Judge(_context.Attributes.View(attributes)), scouted.Prefixes);
        _context.Attributes.Release(attributes);
        CheckLimit(slot, peerFamily);
        return visited;
    }

    /// <summary>RFC 4486 §4: the upper bound is told with the Cease.</summary>
    private void CheckLimit(PeerSlot slot, PeerFamily family)
    {
        if (slot.IsPoisoned)
        {
            return;
        }

        var isOver = family.MaxPrefixes.Limit > 0 && family.Received > family.MaxPrefixes.Limit;
        if (isOver && family.MaxPrefixes.Action == MaxPrefixesAction.Warn && !family.IsOverLimit)
        {
            _context.Effects.Add(new EngineEffect(EngineEffectKind.PrefixLimit) { Peer = slot.Peer, Generation = slot.Generation, Family = family.Family });
        }
        else if (isOver && family.MaxPrefixes.Action != MaxPrefixesAction.Warn)
        {
            Poison(slot, BgpError.MaximumPrefixes(family.Family, (uint)family.MaxPrefixes.Limit), AttributeType.None);
        }

        family.IsOverLimit = isOver;
    }

    /// <summary>The interned set of the UPDATE's attributes with one reference, or 0 when they are at fault.</summary>
    private uint Intern(PeerSlot slot, in CodecProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> mpNextHop, int prepared)
    {
        if (prepared >= 0 && !_context.Cache.IsWorthAsking(_prepared.Hash(prepared)))
        {
            return _context.Attributes.Intern(_prepared.Canonical(prepared), _prepared.Hash(prepared));
        }

        // An UPDATE may carry both kinds of next hop: the two sets are kept apart by the profile's unused top bit.
        var cacheProfile = mpNextHop.IsEmpty ? profile.Flags : profile.Flags | MpNextHopMark;
        var hash = _context.Cache.Hash(key, cacheProfile);
        var asksCache = prepared >= 0 || _context.Cache.IsWorthAsking(hash);
        var index = asksCache ? _context.Cache.Find(hash, key, cacheProfile) : 0;
        if (index != 0)
        {
            _context.Attributes.AddReference(index);
            return index;
        }

        var action = UpdateDecoder.Canonicalize(key, profile, !mpNextHop.IsEmpty, mpNextHop, _context.Scratch, out var written, out var error, out var faulty);
        if (action != UpdateErrorAction.None)
        {
            ReportFault(slot, action, error, faulty);
            if (action >= UpdateErrorAction.TreatAsWithdraw)
            {
                if (action == UpdateErrorAction.SessionReset)
                {
                    Poison(slot, error, faulty);
                }

                return 0;
            }
        }

        index = _context.Attributes.Intern(_context.Scratch[..written]);
        if (asksCache && action == UpdateErrorAction.None)
        {
            // A faulty set is not cached: each UPDATE that carries one is reported.
            _context.Cache.Add(hash, key, cacheProfile, index);
        }

        return index;
    }

    private const CodecFlags MpNextHopMark = (CodecFlags)(1 << 7);

    private void ReportFault(PeerSlot slot, UpdateErrorAction action, BgpError error, AttributeType attribute) =>
        _context.Effects.Add(new EngineEffect(EngineEffectKind.UpdateFault)
        {
            Peer = slot.Peer,
            Generation = slot.Generation,
            Error = error,
            Action = action,
            Attribute = attribute,
        });
}
