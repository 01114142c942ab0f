using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The single owner of all routes: a pure machine.
/// <para>
/// In: <see cref="EngineInput"/>s — the configuration, sessions up and down, batches of whole UPDATEs, refreshes, reports of transmitters, kernel facts. Out: <see cref="EngineEffect"/>s. Called by
/// <see cref="Speaker"/> on the route lane. RFC 4271 §3.2 (RIBs), §6.3 with RFC 7606 (faults), §9; RFC 4456; RFC 4724 §2 (End-of-RIB); RFC 7313 (enhanced refresh).
/// </para>
/// <para>
/// One <see cref="Apply"/> visits a bounded number of destinations (<see cref="EngineLimits.DestinationsPerStep"/>, checked between messages); the rest of a batch, and all walks, go on with
/// <see cref="EngineInputKind.Work"/> while <see cref="HasWork"/>. The engine never waits: what members have not read stays in the groups' logs.
/// </para>
/// </summary>
public sealed partial class RouteEngine : IDisposable
{
    private readonly RibContext _context;
    private readonly FamilyRib _ipv4;
    private readonly FamilyRib _ipv6;
    private readonly RouteRecursion _recursion;
    private readonly LocalRoutes _locals;
    private readonly Redistributor _redistributor;
    private readonly StaticRoutes _statics;
    private readonly Stack<ushort> _freeSlots = new();
    private readonly List<PeerSlot> _retiring = [];
    private readonly Dictionary<PeerId, PeerSlot> _slotByPeer = [];
    private UpdateBatch? _batch;
    private int _batchOffset;

    public RouteEngine(ulong seed, EngineLimits limits)
    {
        _context = new RibContext(seed, limits);
        _prepared = new PreparedSets(_context.Attributes);
        _ipv4 = new Rib<Ipv4Bits>(_context);
        _ipv6 = new Rib<Ipv6Bits>(_context);
        _recursion = new RouteRecursion(_context, _ipv4, _ipv6);
        _context.Recursion = _recursion;
        _locals = new LocalRoutes(_context, _ipv4, _ipv6);
        _redistributor = new Redistributor(_context, _context.NextHops.Kernel, _locals);
        _context.Locals = _locals;
        _statics = new StaticRoutes(_context, _ipv4, _ipv6);
        _context.Statics = _statics;
        _context.Conditions = new RouteConditions(prefix => RibOf(AddressFamily.Of(prefix))!.HasBest(prefix));
    }

    /// <summary>Whether a configuration was ever applied.</summary>
    public bool IsConfigured => _context.Config is not null;

    /// <summary>Whether <see cref="EngineInputKind.Work"/> has something to go on with.</summary>
    public bool HasWork => _batch is not null || _ipv4.HasWork || _ipv6.HasWork || _redistributor.HasWork || _recursion.HasWork;

    /// <summary>UPDATEs must wait: a batch is unfinished, or too many destinations wait for export.</summary>
    public bool IsCongested => _batch is not null || _ipv4.DirtyCount + _ipv6.DirtyCount >= _context.Limits.DirtyDestinations;

    public void Apply(in EngineInput input, Instant now, EffectBuffer<EngineEffect> effects)
    {
        _context.Effects = effects;
        _context.Now = now;
        switch (input.Kind)
        {
            case EngineInputKind.Configure:
                Configure(input.Config!);
                break;
            case EngineInputKind.PeerUp:
                PeerUp(input.Peer, input.Neighbor!, input.Generation, input.Session!);
                break;
            case EngineInputKind.PeerDown:
                PeerDown(input.Peer, input.Generation);
                break;
            case EngineInputKind.Updates:
                _batch = input.Batch!;
                _batchOffset = 0;
                (_scoutedAt, _scoutedEnd) = (0, 0);
                ApplyBatch();
                break;
            case EngineInputKind.Refresh:
                if (Established(input.Peer, input.Generation) is { } slot)
                {
                    Refresh(slot, input.Refresh);
                }

                break;
            case EngineInputKind.Sent:
                input.Cursor!.ClearReported();
                RibOf(input.Cursor.Family)!.Sent(input.Cursor);
                break;
            case EngineInputKind.Kernel:
                ApplyKernel(input.Kernel!);
                break;
            case EngineInputKind.Work:
                Work();
                break;
        }
    }

    public void Dispose()
    {
        _ipv4.Dispose();
        _ipv6.Dispose();
        _context.Dispose();
    }

    private FamilyRib? RibOf(AddressFamily family) =>
        family == AddressFamily.Ipv4Unicast ? _ipv4 : family == AddressFamily.Ipv6Unicast ? _ipv6 : null;

    private PeerSlot? Established(PeerId peer, SessionGeneration generation) =>
        _slotByPeer.TryGetValue(peer, out var slot) && slot.Generation == generation && !slot.IsPoisoned ? slot : null;

    private void Work()
    {
        if (_batch is not null)
        {
            if (_ipv4.DirtyCount + _ipv6.DirtyCount < _context.Limits.DirtyDestinations)
            {
                ApplyBatch();
                return;
            }
        }

        _context.Visited = 0;
        if (_redistributor.HasWork && _ipv4.DirtyCount + _ipv6.DirtyCount < _context.Limits.DirtyDestinations)
        {
            _redistributor.Work(_context.Limits.DestinationsPerStep);
        }

        if (_ipv4.HasWork)
        {
            _ipv4.Work();
        }

        if (_ipv6.HasWork)
        {
            _ipv6.Work();
        }

        SettleRecursion();
        BusiestStep = Math.Max(BusiestStep, _context.Visited);
        if (_context.Conditions!.TakeChange())
        {
            _ipv4.ReviewDefaults();
            _ipv6.ReviewDefaults();
        }

        RetireSlots();
    }

    private void ApplyBatch()
    {
        var batch = _batch!;
        var slot = Established(batch.Peer, batch.Generation);
        for (var visited = 0; slot is { IsPoisoned: false } && _batchOffset < batch.Length && visited < _context.Limits.DestinationsPerStep;)
        {
            if (_scoutedAt == _scoutedEnd)
            {
                Scout(slot, batch.Bytes[_batchOffset..]);
            }

            var message = batch.Bytes[_batchOffset..];
            message = message[..BinaryPrimitives.ReadUInt16BigEndian(message[16..])];
            _batchOffset += message.Length;
            visited += 1 + ApplyMessage(slot, message, _scouted[_scoutedAt++]);
        }

        if (slot is not { IsPoisoned: false } || _batchOffset == batch.Length)
        {
            _batch = null;
            _context.Effects.Add(new EngineEffect(EngineEffectKind.Return) { Batch = batch });
        }
    }

    private int ApplyMessage(PeerSlot slot, ReadOnlySpan<byte> message, ScoutedMessage scouted)
    {
        var body = message[BgpConstants.HeaderLength..];
        if ((MessageType)message[18] == MessageType.Update)
        {
            return ApplyUpdate(slot, body, scouted);
        }

        // ROUTE-REFRESH travels with the UPDATEs, so that BoRR and EoRR keep their places among them.
        if (RouteRefreshMessage.TryParse(body, out var refresh, out var error))
        {
            Refresh(slot, refresh);
        }
        else
        {
            Poison(slot, error, AttributeType.None);
        }

        return 0;
    }

    private void Refresh(PeerSlot slot, in RouteRefreshMessage refresh)
    {
        if (slot.FamilyOf(refresh.Family) is not { } family || RibOf(refresh.Family) is not { } rib)
        {
            return;
        }

        switch (refresh.Subtype)
        {
            case RouteRefreshSubtype.Request:
                rib.Refresh(slot);
                break;
            case RouteRefreshSubtype.BeginningOfRefresh when !family.IsRefreshing:
                // One that begins again before it ended goes on; one that comes while two are still being swept sweeps nothing.
                family.IsRefreshing = rib.TryBeginRefresh(slot, family);
                break;
            case RouteRefreshSubtype.EndOfRefresh when family.IsRefreshing:
                family.IsRefreshing = false;
                rib.SweepRefresh(slot, family);
                break;
        }
    }

    private void Poison(PeerSlot slot, BgpError error, AttributeType attribute)
    {
        slot.IsPoisoned = true;
        _context.Effects.Add(new EngineEffect(EngineEffectKind.Verdict)
        {
            Peer = slot.Peer,
            Generation = slot.Generation,
            Error = error,
            Action = UpdateErrorAction.SessionReset,
            Attribute = attribute,
        });
    }
}
