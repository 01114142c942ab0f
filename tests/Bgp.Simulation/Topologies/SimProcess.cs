using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// One run of a node's speaker, from start to its end: its lanes, which are woken after a small delay as threads are, and its transport. What is scheduled for it does nothing once it has
/// ended.
/// </summary>
internal sealed class SimProcess : IDisposable
{
    private readonly Simulator _simulator;
    private readonly LaneSchedule[] _lanes = [new(), new()];
    private readonly HashSet<PeerId> _established = [];

    public SimProcess(Simulator simulator, SimNode node, EngineLimits limits)
    {
        _simulator = simulator;
        Node = node;
        StartedAt = simulator.Now;
        Transport = new SimTransport(simulator, this);
        var options = new SpeakerOptions
        {
            Seed = simulator.Random.Next(),
            Wake = Wake,
            Raise = Hear,
            RestartTime = node.Spec.RestartTime,
            Limits = limits,
        };
        Limits = limits;
        Speaker = new Speaker(options, Transport, node.Kernel);
    }

    public SimNode Node { get; }

    public Speaker Speaker { get; }

    public SimTransport Transport { get; }

    public EngineLimits Limits { get; }

    public Instant StartedAt { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Sessions that are up.</summary>
    public int EstablishedCount => _established.Count;

    /// <summary>Whether a lane has work, rather than only a deadline.</summary>
    public bool IsBusy => _lanes[0].IsBusy || _lanes[1].IsBusy;

    /// <summary>Asks the session lane and waits for the answer without letting time pass.</summary>
    public void Ask(Action<SessionReader> question)
    {
        var isAnswered = false;
        Speaker.AskSessions(reader =>
        {
            question(reader);
            isAnswered = true;
        });
        while (!isAnswered)
        {
            Speaker.Run(Lane.Sessions, _simulator.Now);
        }
    }

    /// <summary>Asks the route lane and waits for the answer without letting time pass.</summary>
    public void Ask(Action<RouteReader> question)
    {
        var isAnswered = false;
        Speaker.AskRoutes(reader =>
        {
            question(reader);
            isAnswered = true;
        });
        while (!isAnswered)
        {
            Speaker.Run(Lane.Routes, _simulator.Now);
        }
    }

    public void Dispose()
    {
        if (IsAlive)
        {
            IsAlive = false;
            Speaker.Dispose();
        }
    }

    private void Wake(Lane lane)
    {
        if (IsAlive)
        {
            _lanes[(int)lane].IsBusy = true;
            Schedule(lane, _simulator.Now + _simulator.Random.Between(TimeSpan.Zero, _simulator.MaxWakeDelay));
        }
    }

    private void Schedule(Lane lane, Instant at)
    {
        var schedule = _lanes[(int)lane];
        if (schedule.At is { } before && before <= at)
        {
            return;
        }

        schedule.At = at;
        var turn = ++schedule.Turn;
        _simulator.At(at, () =>
        {
            if (IsAlive && schedule.Turn == turn)
            {
                Run(lane, schedule);
            }
        });
    }

    private void Run(Lane lane, LaneSchedule schedule)
    {
        schedule.At = null;
        schedule.Deadline = null;
        schedule.IsBusy = false;
        var next = Speaker.Run(lane, _simulator.Now);
        if (!IsAlive)
        {
            return;
        }

        if (Speaker.IsStopped && Transport.ChannelCount == 0)
        {
            Node.End(this);
        }
        else if (next == Instant.Zero)
        {
            Wake(lane);
        }
        else if (next is { } deadline)
        {
            // A thread sleeps a little too long rather than too short.
            schedule.Deadline = deadline + _simulator.Random.Between(TimeSpan.Zero, _simulator.MaxWakeDelay);
            SetAlarm(lane, schedule);
        }
    }

    /// <summary>
    /// Runs the lane at its deadline. Deadlines move at almost every run, mostly to later: the alarm that is set then stays, and is set anew when it goes off, so that few events wait.
    /// </summary>
    private void SetAlarm(Lane lane, LaneSchedule schedule)
    {
        if (schedule.Deadline is not { } deadline || (schedule.Alarm is { } set && set <= deadline))
        {
            return;
        }

        schedule.Alarm = deadline;
        _simulator.At(deadline, () =>
        {
            if (!IsAlive || schedule.Alarm != deadline)
            {
                return;
            }

            schedule.Alarm = null;
            if (schedule.Deadline > _simulator.Now)
            {
                SetAlarm(lane, schedule);
            }
            else if (schedule.At is null)
            {
                Run(lane, schedule);
            }
        });
    }

    private void Hear(SpeakerEvent heard)
    {
        if (heard.Kind == SpeakerEventKind.SessionUp)
        {
            _established.Add(heard.Peer);
        }
        else if (heard.Kind == SpeakerEventKind.SessionDown)
        {
            _established.Remove(heard.Peer);
        }

        Node.Hear(heard);
    }

    /// <summary>When a lane runs next, and whether that is because there is work.</summary>
    private sealed class LaneSchedule
    {
        public Instant? At { get; set; }

        public int Turn { get; set; }

        /// <summary>When it is to run if nothing wakes it before.</summary>
        public Instant? Deadline { get; set; }

        /// <summary>When it will be seen to whether the deadline has come.</summary>
        public Instant? Alarm { get; set; }

        public bool IsBusy { get; set; }
    }
}
