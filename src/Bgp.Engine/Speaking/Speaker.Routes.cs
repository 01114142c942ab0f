using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The route lane: the route engine and the FIB, one owner of all routes.</summary>
public sealed partial class Speaker
{
    private const int RouteStepsPerRun = 64;

    private readonly RouteEngine _engine;
    private readonly FibReconciler _fib;
    private readonly EffectBuffer<EngineEffect> _engineEffects = new();
    private readonly EffectBuffer<FibEffect> _fibEffects = new();
    private StartupSweep? _sweep;
    private bool _isFrozen;
    private bool? _flush;
    private bool _routesStopped;
    private ImmutableArray<uint> _watched = [];

    private Instant? RunRoutes(Instant now)
    {
        var idle = false;
        for (var step = 0; step < RouteStepsPerRun && !idle; step++)
        {
            if (_routeInbox.TryDequeue(out var item))
            {
                Handle(item, now);
            }
            else if (!_engine.IsCongested && _updateInbox.TryDequeue(out var batch))
            {
                Apply(new EngineInput(EngineInputKind.Updates) { Peer = batch.Peer, Generation = batch.Generation, Batch = batch }, now);
            }
            else if (_engine.HasWork)
            {
                Apply(new EngineInput(EngineInputKind.Work), now);
            }
            else
            {
                idle = true;
            }

            // After each step, not after the run: else the kernel's writer would be idle while a full table comes in.
            ApplyFib(new FibInput(FibInputKind.Tick), now);
        }

        if (_sweep is { } sweep && sweep.IsDue(now))
        {
            _sweep = null;
            ApplyFib(new FibInput(FibInputKind.SweepAllowed), now);
            ApplyFib(new FibInput(FibInputKind.Tick), now);
        }

        if (_flush is { } flush && (!flush || _fib.IsFlushed))
        {
            Volatile.Write(ref _routesStopped, true);
        }

        return idle ? Instant.Earlier(_fib.NextDeadline, _sweep?.Deadline) : Instant.Zero;
    }

    private void Handle(in RouteItem item, Instant now)
    {
        if (item.Engine is { } input)
        {
            if (input.Config is { } config)
            {
                ApplyFib(new FibInput(FibInputKind.Configure) { Config = config.Speaker.Fib }, now);
                _sweep ??= _engine.IsConfigured ? null : new StartupSweep(now + _options.RestartTime);
                _sweep?.Expect(config.Neighbors, !config.Speaker.Ranges.IsEmpty);
            }

            if (input.Kind == EngineInputKind.PeerUp)
            {
                _sweep?.PeerUp(input.Peer, input.Session!);
            }

            Apply(input, now);
            if (input.Kind == EngineInputKind.Kernel)
            {
                ApplyFib(new FibInput(FibInputKind.KernelChanged), now);
            }
            else if (input.Config is { } applied)
            {
                Watch(Redistributor.TablesOf(applied.Speaker));
            }
        }
        else if (item.Fib is { } fib)
        {
            ApplyFib(fib, now);
        }
        else if (item.Freeze)
        {
            _isFrozen = true;
        }
        else if (item.Stop is { } flush)
        {
            _flush = flush;
            if (flush)
            {
                ApplyFib(new FibInput(FibInputKind.Flush), now);
            }
        }
        else
        {
            item.Question?.Invoke(new RouteReader(now, _engine, _fib));
        }
    }

    private void Watch(ImmutableArray<uint> tables)
    {
        if (!tables.AsSpan().SequenceEqual(_watched.AsSpan()))
        {
            _watched = tables;
            _kernel.Watch(tables);
        }
    }

    private void Apply(in EngineInput input, Instant now)
    {
        _engine.Apply(input, now, _engineEffects);
        foreach (ref readonly var effect in _engineEffects.AsSpan())
        {
            Carry(effect, now);
        }

        _engineEffects.Clear();
    }

    private void Carry(in EngineEffect effect, Instant now)
    {
        switch (effect.Kind)
        {
            case EngineEffectKind.Return:
                _transport.Return(effect.Batch!);
                break;
            case EngineEffectKind.Attach:
                _transport.Attach(effect.Peer, effect.Generation, effect.Cursor!);
                break;
            case EngineEffectKind.Wake:
                _transport.Wake(effect.Peer, effect.Generation);
                break;
            case EngineEffectKind.Verdict:
                Post(effect.Peer, new SessionInput(SessionInputKind.Verdict) { Generation = effect.Generation, Error = effect.Error });
                if (effect.Error.Code != NotificationCode.Cease)
                {
                    Raise(SpeakerEventKind.UpdateFault, effect);
                }

                break;
            case EngineEffectKind.PrefixLimit:
                Raise(SpeakerEventKind.PrefixLimit, effect);
                break;
            case EngineEffectKind.Fib:
                // A speaker that stops takes no routes out of the kernel: they stay for the next run, or go by the flush.
                if (!_isFrozen)
                {
                    ApplyFib(new FibInput(FibInputKind.Route) { Prefix = effect.Prefix, Forwarding = effect.Forwarding, Metric = effect.Metric }, now);
                }

                break;
            case EngineEffectKind.UpdateFault:
                Raise(SpeakerEventKind.UpdateFault, effect);
                break;
            case EngineEffectKind.EndOfRib:
                _sweep?.EndOfRib(effect.Peer, effect.Family);
                Raise(SpeakerEventKind.EndOfRib, effect);
                break;
        }
    }

    private void ApplyFib(in FibInput input, Instant now)
    {
        _fib.Apply(input, now, _fibEffects);
        foreach (ref readonly var effect in _fibEffects.AsSpan())
        {
            switch (effect.Kind)
            {
                case FibEffectKind.Submit:
                    _kernel.Submit(effect.Batch!);
                    break;
                case FibEffectKind.RequestDump:
                    _kernel.RequestDump(effect.Marks!);
                    break;
                case FibEffectKind.Notice:
                    _options.Raise(new SpeakerEvent(SpeakerEventKind.FibNotice) { Prefix = effect.Prefix, Text = effect.Notice });
                    break;
            }
        }

        _fibEffects.Clear();
    }

    private void Raise(SpeakerEventKind kind, in EngineEffect effect) => _options.Raise(new SpeakerEvent(kind)
    {
        Peer = effect.Peer,
        Error = effect.Error,
        Action = effect.Action,
        Attribute = effect.Attribute,
        Family = effect.Family,
        Prefix = effect.Prefix,
    });
}
