using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>How a process ends against its will.</summary>
public enum KillKind
{
    /// <summary>The process is gone; its system closes its connections.</summary>
    Process,

    /// <summary>The host is without power: no connection says goodbye, and after its return the host knows none of them. Its kernel starts empty.</summary>
    Power,
}

/// <summary>A host with a kernel, and the speaker that runs on it or does not.</summary>
public sealed class SimNode : IDisposable
{
    private readonly Simulator _simulator;

    internal SimNode(Simulator simulator, int index, NodeSpec spec)
    {
        _simulator = simulator;
        Index = index;
        Spec = spec;
        Config = spec.Config;
        Kernel = new SimKernel(simulator, this);
    }

    /// <summary>The node's number, from 0 in the order of adding.</summary>
    public int Index { get; }

    public string Name => Spec.Name;

    public NodeSpec Spec { get; }

    /// <summary>What the speaker is, or will be, configured with.</summary>
    public SpeakerConfig Config
    {
        get;
        private set
        {
            field = value;
            _neighbors = null;
        }
    }

    public SimKernel Kernel { get; }

    public bool IsHostUp { get; private set; } = true;

    public bool IsRunning => Process is not null;

    /// <summary>It was told to stop and has not ended yet.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>How many sessions are up.</summary>
    public int EstablishedCount => Process?.EstablishedCount ?? 0;

    /// <summary>All that the node's speakers have reported, with the time, but for the steps of sessions on their way up: those are in the trace.</summary>
    public IReadOnlyList<(Instant At, SpeakerEvent Event)> Events => _events;

    public IEnumerable<IpAddress> Addresses => Spec.Interfaces.SelectMany(one => one.Addresses);

    internal SimProcess? Process { get; private set; }

    private readonly Dictionary<IpAddress, WireTap> _taps = [];
    private readonly List<(Instant At, SpeakerEvent Event)> _events = [];

    // Of the present configuration, made when it is first asked for.
    private Dictionary<IpAddress, NeighborConfig>? _neighbors;

    /// <summary>Its speaker loses every UPDATE that it receives from now on, which no network that keeps a connection up does.</summary>
    public bool LosesUpdates { get; set; }

    /// <summary>The first neighbor that is configured with an address.</summary>
    public NeighborConfig? NeighborAt(IpAddress address)
    {
        if (_neighbors is null)
        {
            _neighbors = [];
            foreach (var neighbor in Config.Neighbors)
            {
                _neighbors.TryAdd(neighbor.Key.Address, neighbor);
            }
        }

        return _neighbors.GetValueOrDefault(address);
    }

    /// <summary>Starts a speaker, unless one runs.</summary>
    public void Start()
    {
        if (Process is not null)
        {
            return;
        }

        IsHostUp = true;
        var limits = Spec.Limits ?? DrawLimits();
        _simulator.Trace.Note(_simulator.Now, Name, $"start with {limits}");
        Process = new SimProcess(_simulator, this, limits);
        Kernel.Serve(Process);
        Process.Speaker.Configure(Config);
        _simulator.Network.Resume();
    }

    /// <summary>Ends the speaker without a chance to say anything.</summary>
    public void Kill(KillKind kind)
    {
        if (Process is not { } process)
        {
            return;
        }

        _simulator.Trace.Note(_simulator.Now, Name, kind == KillKind.Power ? "power loss" : "kill");
        IsHostUp = kind != KillKind.Power;
        Process = null;
        IsStopping = false;
        process.Dispose();
        process.Transport.End(isPowerLoss: kind == KillKind.Power);
        Kernel.Desert(isPowerLoss: kind == KillKind.Power);
    }

    /// <summary>Has the speaker stop by an intent; it ends when it is done.</summary>
    public void Stop(StopIntent intent)
    {
        _simulator.Trace.Note(_simulator.Now, Name, "stop");
        IsStopping = Process is not null;
        Process?.Speaker.Stop(intent);
    }

    /// <summary>Puts a configuration in force, now or at the next start.</summary>
    public void Configure(SpeakerConfig config)
    {
        _simulator.Trace.Note(_simulator.Now, Name, "configure");
        Config = config;
        Process?.Speaker.Configure(config);
    }

    /// <summary>Has the speaker read nothing from one neighbor for a while.</summary>
    public void Stall(IpAddress neighbor, TimeSpan span)
    {
        _simulator.Trace.Note(_simulator.Now, Name, "stall");
        Process?.Transport.Stall(neighbor, _simulator.Now + span);
    }

    /// <summary>Reads along what the node sends to one neighbor from now on.</summary>
    public WireTap Tap(IpAddress neighbor) => _taps[neighbor] = new WireTap(() => _simulator.Now);

    public void Dispose() => Process?.Dispose();

    internal void NoteSent(IpAddress neighbor, ReadOnlySpan<byte> bytes) => _taps.GetValueOrDefault(neighbor)?.Hear(bytes);

    /// <summary>The process has stopped by itself.</summary>
    internal void End(SimProcess process)
    {
        _simulator.Trace.Note(_simulator.Now, Name, "end");
        Process = null;
        IsStopping = false;
        process.Dispose();
        process.Transport.End(isPowerLoss: false);
        Kernel.Desert(isPowerLoss: false);
    }

    internal void Hear(SpeakerEvent heard)
    {
        var detail = heard.Kind switch
        {
            SpeakerEventKind.StateChanged => $"{heard.Neighbor?.Key} {heard.OldState} to {heard.NewState}",
            SpeakerEventKind.FibNotice => $"{heard.Prefix} {heard.Text}",
            SpeakerEventKind.UpdateFault => $"{heard.Error} {heard.Action}",
            _ => $"{heard.Neighbor?.Key} {heard.Reason}",
        };
        _simulator.Trace.Note(_simulator.Now, Name, $"{heard.Kind} {detail}");
        if (heard.Kind != SpeakerEventKind.StateChanged)
        {
            _events.Add((_simulator.Now, heard));
        }
    }

    private EngineLimits DrawLimits() => new()
    {
        DestinationsPerStep = _simulator.Random.Pick(1, 2, 8192),
        DirtyDestinations = _simulator.Random.Pick(1, 2, 32768),
        MemberLagBytes = _simulator.Random.Pick(1, 64, 4 << 20),
        WalkAheadBytes = _simulator.Random.Pick(1, 64, 1 << 20),
    };
}
